-- Gives an organisation's agents the numbers that nobody has: each number that rings goes to the oldest inbound agent that is
-- active, unless an active one has it; an outbound agent without a number calls with the organisation's.
--
-- Locks: the mapping, the agents.
create or replace function private.link_agents(p_org_id uuid, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_inbound uuid;
    v_number text;
begin
    select a.id into v_inbound from public.agents a
    where a.org_id = p_org_id and a.direction = 'inbound' and a.is_active and a.deleted_at is null
    order by a.created_at, a.id
    limit 1;
    update public.phone_number_mapping m set agent_id = v_inbound
    where m.org_id = p_org_id and m.agent_id is distinct from v_inbound
      and not exists (
          select from public.agents a
          where a.org_id = m.org_id and a.id = m.agent_id and a.is_active and a.deleted_at is null);

    select c.vapi_phone_id into v_number from private.org_credentials c
    where c.org_id = p_org_id and c.is_active and c.phone_number is not null and c.vapi_phone_id is not null
      and c.type in ('outbound', 'default')
    order by c.type = 'outbound' desc, c.created_at, c.id
    limit 1;
    update public.agents a set vapi_phone_number_id = v_number, updated_at = p_now
    where a.org_id = p_org_id and a.direction = 'outbound' and a.vapi_phone_number_id is null and a.deleted_at is null
      and v_number is not null;
end
$$;

revoke execute on function private.link_agents(uuid, timestamptz) from public, anon, authenticated, service_role;
