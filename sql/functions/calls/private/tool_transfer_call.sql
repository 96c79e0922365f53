-- Passes the caller on to a person, as the clinic's rules say; where they name nobody, offers to take a message.
--
-- Goes on record in the call's row before anybody is rung. Asked again within a minute, the caller is put through once.
-- Locks: the call, then the effect's queue.
create or replace function private.tool_transfer_call(p_call public.calls, p_arguments jsonb, p_now timestamptz)
returns private.tool_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_language constant text := private.language_of(p_call);
    v_said constant text := private.tool_argument(p_arguments, 'reason', 'message', 'department', 'destination');
    v_control_url constant text := private.control_url_of(p_call);
    v_to private.escalation;
    v_text text;
begin
    v_to := private.escalation_of(
        p_call, concat_ws(' ', v_said, p_arguments ->> 'callerWords'),
        lower(private.tool_argument(p_arguments, 'urgency', 'priority')), p_now);
    if v_to.number is null or v_control_url is null then
        return (private.instead_of_transfer(p_call, v_to.fallback), false)::private.tool_answer;
    end if;

    v_text := private.say('transferring', v_language);
    if private.note_transfer(p_call, v_to.number, concat_ws(': ', v_to.reason, v_said), p_now) then
        perform private.enqueue_effect(
            p_org_id => p_call.org_id,
            p_kind => 'vapi.transfer',
            p_payload => jsonb_build_object(
                'org_id', p_call.org_id, 'call_id', p_call.id, 'control_url', v_control_url,
                'number', v_to.number, 'text', v_text),
            p_run_at => p_now,
            p_priority => 10);
    end if;
    return (v_text, true)::private.tool_answer;
end
$$;

revoke execute on function private.tool_transfer_call(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;
