-- The work of public.caller_id_confirmed().
--
-- Raises 404 operation_not_found, 409 not_yet_confirmed, 502 provider_refused, and what private.authorize() raises.
create or replace function private.caller_id_confirmed(p_operation_id uuid)
returns public.caller_id_confirmation
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.caller_id_confirmed');
begin
    return private.confirmation_answer(v_caller.org_id, p_operation_id);
end
$$;

revoke execute on function private.caller_id_confirmed(uuid) from public, anon, authenticated, service_role;
grant execute on function private.caller_id_confirmed(uuid) to authenticated;
