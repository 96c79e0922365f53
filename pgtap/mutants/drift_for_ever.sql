-- Keeps what drifted once for ever.
--
-- Caught by: pgtap/billing/note_drift.sql
select tests.patch('private.note_drift', $old$c.check_name <> all (v_names)$old$, $new$false$new$);
