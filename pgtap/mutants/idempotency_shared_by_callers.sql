-- Two people with the same key share an answer.
--
-- Caught by: pgtap/platform/idem_begin.sql
select tests.patch('private.idem_begin', $old$v_caller, v_claims #>>$old$, $new$v_claims #>>$new$);
