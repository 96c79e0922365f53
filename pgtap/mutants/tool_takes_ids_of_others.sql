-- A tool call may name another organisation's records.
--
-- Caught by: pgtap/calls/run_tools.sql
select tests.patch('private.is_own_record', $old$or exists (select from public.appointments t where t.org_id = p_call.org_id and t.id = p_id)$old$, $new$or exists (select from public.appointments t where t.id = p_id)$new$);
