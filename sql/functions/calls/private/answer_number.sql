-- Has the number that an inbound agent was given ring for it, and for no other.
--
-- Locks: the mapping, the agents.
create or replace function private.answer_number(p_agent public.agents, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_agent.direction <> 'inbound' or p_agent.vapi_phone_number_id is null or not p_agent.is_active then
        return;
    end if;
    update public.phone_number_mapping m set agent_id = p_agent.id
    where m.org_id = p_agent.org_id and m.agent_id is distinct from p_agent.id
      and m.phone_number in (
          select c.phone_number from private.org_credentials c
          where c.org_id = p_agent.org_id and c.is_active and c.vapi_phone_id = p_agent.vapi_phone_number_id);
    update public.agents a set vapi_phone_number_id = null, updated_at = p_now
    where a.org_id = p_agent.org_id and a.direction = 'inbound' and a.id <> p_agent.id
      and a.vapi_phone_number_id = p_agent.vapi_phone_number_id;
end
$$;

revoke execute on function private.answer_number(public.agents, timestamptz)
    from public, anon, authenticated, service_role;
