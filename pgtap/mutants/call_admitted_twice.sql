-- A call that asks again is a call like a new one.
--
-- Caught by: pgtap/billing/first_admission.sql
select tests.patch('private.reserve_call_credits', $old$if v_answer.call_id is not null then$old$, $new$if false then$new$);
