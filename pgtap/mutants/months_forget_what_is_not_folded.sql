-- Of whole months only what is folded already is counted.
--
-- Caught by: pgtap/calls/call_counts.sql
select tests.patch('private.counted_months', $old$d.quarter < p_to$old$, $new$false$new$);
