-- The work of public.list_agent_phone_numbers().
--
-- Raises what private.authorize() raises.
create or replace function private.list_agent_phone_numbers()
returns setof public.agent_phone_number
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_agent_phone_numbers');
begin
    return query
        select c.phone_number, c.type, c.vapi_phone_id
        from private.org_credentials c
        where c.org_id = v_caller.org_id and c.is_active and c.phone_number is not null and c.vapi_phone_id is not null
        order by c.type, c.phone_number;
end
$$;

revoke execute on function private.list_agent_phone_numbers() from public, anon, authenticated, service_role;
grant execute on function private.list_agent_phone_numbers() to authenticated;
