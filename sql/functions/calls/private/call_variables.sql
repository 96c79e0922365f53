-- What an assistant is told about the call it is about to answer: the clinic, the time there, and who calls.
--
-- In plpgsql, which keeps the plan: somebody is on the line.
create or replace function private.call_variables(p_call public.calls, p_agent public.agents, p_now timestamptz)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_strip_nulls(
            coalesce(private.caller_context(o.id, p_call.contact_id, p_now), '{}') || jsonb_build_object(
            'clinic_name', coalesce(o.clinic_name, o.name),
            'agent_name', p_agent.name,
            'caller_number', p_call.phone_number,
            'time_zone', o.timezone,
            'today', to_char(p_now at time zone o.timezone, 'YYYY-MM-DD'),
            'now', private.spoken_time(p_now, o.timezone, p_agent.language)))
        from public.organizations o
        where o.id = p_call.org_id);
end
$$;

revoke execute on function private.call_variables(public.calls, public.agents, timestamptz)
    from public, anon, authenticated, service_role;
