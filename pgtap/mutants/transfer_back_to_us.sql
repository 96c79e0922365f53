-- A caller is passed on to a number that rings here.
--
-- Caught by: pgtap/clinic/escalation_of.sql
select tests.patch('private.may_be_rung', $old$not exists (select from public.phone_number_mapping m where m.org_id = p_call.org_id and$old$, $new$not exists (select from public.phone_number_mapping m where m.org_id is null and$new$);
