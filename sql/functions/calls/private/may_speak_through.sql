-- Whether an agent's number is one the organisation has in the agent's direction: what its drop-down shows.
create or replace function private.may_speak_through(p_agent public.agents)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from private.org_credentials c
        where c.org_id = p_agent.org_id and c.is_active and c.phone_number is not null
          and c.vapi_phone_id = p_agent.vapi_phone_number_id and c.type in (p_agent.direction, 'default'));
$$;

revoke execute on function private.may_speak_through(public.agents) from public, anon, authenticated, service_role;
