-- The work of public.get_call_settings().
--
-- Raises what private.authorize() raises.
create or replace function private.get_call_settings()
returns public.call_settings
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.get_call_settings');
begin
    return private.call_settings_of(v_caller.org_id);
end
$$;

revoke execute on function private.get_call_settings() from public, anon, authenticated, service_role;
grant execute on function private.get_call_settings() to authenticated;
