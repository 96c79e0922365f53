-- A call with the state of its recording: there when a word named its address; to come when the agent records and somebody
-- was reached; else there is none.
create or replace function private.with_recording(p_call public.calls)
returns public.calls
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call public.calls := p_call;
begin
    v_call.recording_status := case
        when p_call.recording_url is not null then 'completed'
        when p_call.recording_status in ('processing', 'completed', 'failed') then p_call.recording_status
        when private.is_connected(p_call) and exists (
            select from public.agents a
            where a.org_id = p_call.org_id and a.id = p_call.agent_id and a.recording_enabled) then 'pending'
        else 'none'
    end;
    return v_call;
end
$$;

revoke execute on function private.with_recording(public.calls) from public, anon, authenticated, service_role;
