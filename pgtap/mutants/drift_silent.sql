-- Keeps what drifts, and tells nobody.
--
-- Caught by: pgtap/billing/note_drift.sql
select tests.patch('private.note_drift', $old$if v_names <> '{}' then$old$, $new$if false then$new$);
