-- The work of public.list_verified_caller_ids().
--
-- Raises what private.authorize() raises.
create or replace function private.list_verified_caller_ids()
returns public.verified_numbers
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_verified_caller_ids');
begin
    return private.verified_numbers(v_caller.org_id);
end
$$;

revoke execute on function private.list_verified_caller_ids() from public, anon, authenticated, service_role;
grant execute on function private.list_verified_caller_ids() to authenticated;
