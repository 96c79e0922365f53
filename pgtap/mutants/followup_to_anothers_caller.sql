-- A clinic writes to another clinic's caller.
--
-- Caught by: pgtap/clinic/send_followup.sql
select tests.patch('private.called_person', $old$from public.calls c where c.org_id = p_org_id and c.id = p_call_id$old$, $new$from public.calls c where c.id = p_call_id$new$);
