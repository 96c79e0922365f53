-- Says goodbye and has the call ended once that is spoken. Asked again while that is under way, it only says goodbye.
--
-- Without a control URL the agent is still given its one polite line. Locks: the effect's queue.
create or replace function private.tool_end_call(p_call public.calls, p_arguments jsonb, p_now timestamptz)
returns private.tool_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_goodbye constant text := private.say('goodbye', private.language_of(p_call));
    v_control_url constant text := private.control_url_of(p_call);
begin
    if v_control_url is not null and p_call.ended_at is null and not private.tool_was_used(p_call, 'endCall') then
        perform private.enqueue_effect(
            p_org_id => p_call.org_id,
            p_kind => 'vapi.say',
            p_payload => jsonb_build_object(
                'org_id', p_call.org_id, 'call_id', p_call.id, 'control_url', v_control_url,
                'text', v_goodbye, 'end_call_after_spoken', true,
                'reason', private.tool_argument(p_arguments, 'reason')),
            p_run_at => p_now,
            p_priority => 10);
    end if;
    return (v_goodbye, true)::private.tool_answer;
end
$$;

revoke execute on function private.tool_end_call(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;
