-- Has a number ring for its organisation (inbound) and its agents call with it (outbound); one for both (default) does both.
--
-- Locks: the mapping, the agents.
--
-- Raises 409 number_taken.
create or replace function private.link_number(
    p_org_id uuid, p_phone_number text, p_routing_direction text, p_vapi_phone_id text, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_routing_direction <> 'outbound' then
        insert into public.phone_number_mapping (phone_number, org_id, agent_id, created_at)
        values (
            p_phone_number, p_org_id,
            (select a.id from public.agents a
             where a.org_id = p_org_id and a.direction = 'inbound' and a.is_active
             order by a.created_at, a.id
             limit 1),
            p_now)
        on conflict (phone_number) do nothing;
        if not exists (
            select from public.phone_number_mapping m where m.phone_number = p_phone_number and m.org_id = p_org_id
        ) then
            perform private.fail('number_taken');
        end if;
    end if;
    if p_routing_direction <> 'inbound' then
        update public.agents a set vapi_phone_number_id = p_vapi_phone_id, updated_at = p_now
        where a.org_id = p_org_id and a.direction = 'outbound';
    end if;
end
$$;

revoke execute on function private.link_number(uuid, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
