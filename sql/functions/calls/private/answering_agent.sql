-- Who answers a call: the assistant that is on it, else the one the called number is for, else the oldest that is active.
--
-- In plpgsql, which keeps the plan: somebody is on the line.
create or replace function private.answering_agent(p_org_id uuid, p_message jsonb)
returns public.agents
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        with asked as (
            select private.assistant_of_message(p_message) as assistant_id,
                   private.our_number(p_message) as called_number,
                   coalesce(p_message #>> '{call,type}', '') <> 'outboundPhoneCall' as comes_in
        )
        select a
        from public.agents a
        cross join asked q
        left join public.phone_number_mapping m
            on m.org_id = a.org_id and m.agent_id = a.id and m.phone_number = q.called_number
        where a.org_id = p_org_id and a.deleted_at is null and (
            a.vapi_assistant_id = q.assistant_id
            or (q.comes_in and a.direction = 'inbound' and a.is_active and a.vapi_assistant_id is not null))
        order by a.vapi_assistant_id is not distinct from q.assistant_id desc, m.phone_number is not null desc, a.created_at, a.id
        limit 1);
end
$$;

revoke execute on function private.answering_agent(uuid, jsonb) from public, anon, authenticated, service_role;
