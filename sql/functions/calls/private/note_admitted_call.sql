-- Keeps who answers a call that is let in, who calls, and how the call is reached.
--
-- Locks: the wallet, the reservation, the call, its contact.
create or replace function private.note_admitted_call(
    p_call public.calls, p_agent public.agents, p_message jsonb, p_now timestamptz
)
returns public.calls
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call public.calls;
begin
    insert into private.call_records (org_id, call_id, admitted, assistant_version)
    values (p_call.org_id, p_call.id, true, p_agent.version)
    on conflict (org_id, call_id) do update set
        admitted = true,
        assistant_version = coalesce(private.call_records.assistant_version, excluded.assistant_version);
    perform private.note_line(p_call, p_message, p_now);
    update public.calls c set
        agent_id = coalesce(c.agent_id, p_agent.id),
        contact_id = coalesce(c.contact_id, private.contact_of_number(c.org_id, c.phone_number, null, p_now)),
        updated_at = p_now
    where c.org_id = p_call.org_id and c.id = p_call.id
    returning * into strict v_call;
    return v_call;
end
$$;

revoke execute on function private.note_admitted_call(public.calls, public.agents, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
