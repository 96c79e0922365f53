-- A refusal is replayed to the corrected request.
--
-- Caught by: pgtap/platform/idem_begin.sql
select tests.patch('private.idem_end', $old$v_status < 400$old$, $new$v_status < 600$new$);
