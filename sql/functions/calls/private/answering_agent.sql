-- Who answers a call: the assistant that is on it, else the one the called number is for, else the oldest that is active.
create or replace function private.answering_agent(p_org_id uuid, p_message jsonb)
returns public.agents
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select a.*
    from public.agents a
    left join public.phone_number_mapping m on m.org_id = a.org_id and m.agent_id = a.id
        and m.phone_number = private.vapi_text(p_message, '{phoneNumber,number}', 20)
    where a.org_id = p_org_id and a.deleted_at is null and (
        a.vapi_assistant_id = coalesce(p_message #>> '{call,assistantId}', p_message #>> '{assistant,id}')
        or (a.direction = 'inbound' and a.is_active and a.vapi_assistant_id is not null
            and coalesce(p_message #>> '{call,type}', '') <> 'outboundPhoneCall'))
    order by (a.vapi_assistant_id = coalesce(p_message #>> '{call,assistantId}', p_message #>> '{assistant,id}')) desc nulls last,
             (m.phone_number is not null) desc, a.created_at, a.id
    limit 1;
$$;

revoke execute on function private.answering_agent(uuid, jsonb) from public, anon, authenticated, service_role;
