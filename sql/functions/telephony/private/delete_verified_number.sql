-- The work of public.delete_verified_number().
--
-- Raises 404 caller_id_not_found, 423 caller_id_locked, and what private.authorize() raises.
create or replace function private.delete_verified_number(p_id uuid, p_now timestamptz default now())
returns public.telephony_done
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.delete_verified_number');
begin
    return private.remove_caller_id(v_caller.org_id, p_id, null, p_now);
end
$$;

revoke execute on function private.delete_verified_number(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.delete_verified_number(uuid, timestamptz) to authenticated;
