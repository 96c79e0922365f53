-- The work of public.caller_id_called().
--
-- Raises 404 operation_not_found, 422 phone_number_refused, 409 caller_id_blocked, 502 provider_refused,
-- and what private.authorize() raises.
create or replace function private.caller_id_called(p_operation_id uuid)
returns public.caller_id_initiation
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.caller_id_called');
begin
    return private.initiation_answer(v_caller.org_id, p_operation_id);
end
$$;

revoke execute on function private.caller_id_called(uuid) from public, anon, authenticated, service_role;
grant execute on function private.caller_id_called(uuid) to authenticated;
