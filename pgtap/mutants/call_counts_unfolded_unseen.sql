-- A dashboard shows a call once it is folded, and not before.
--
-- Caught by: pgtap/calls/call_stats.sql pgtap/calls/call_counts.sql
select tests.patch('private.counted_calls', $old$where d.org_id = p_org_id$old$, $new$where false and d.org_id = p_org_id$new$);
