-- Answers one tool call, and keeps the answer: asked again under the same id, it is the same and nothing is done twice.
--
-- A booking before anything was looked up in this call has the times looked up first. A tool that fails takes back what it
-- did, and the caller is told that we are sorry; the operator hears of it. Locks: what the tool takes; the caller holds
-- the call.
create or replace function private.run_tool(
    p_call public.calls, p_tool_call_id text, p_tool_name text, p_arguments jsonb, p_now timestamptz
)
returns private.tool_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_language constant text := private.language_of(p_call);
    v_named text;
    v_answer private.tool_answer;
begin
    select r.result, r.ok into v_answer
    from private.tool_runs r
    where r.org_id = p_call.org_id and r.call_id = p_call.id and r.tool_call_id = p_tool_call_id;
    if found then
        return v_answer;
    end if;

    v_named := private.names_others(p_call, p_arguments - 'callerWords', true);
    if v_named is not null then
        perform private.note_refused_tool(p_call, v_named, jsonb_build_object(
            'tool', p_tool_name, 'ids', jsonb_path_query_array(
                p_arguments - 'callerWords', '$.** ? (@.type() == "string" && @ like_regex "^[0-9a-fA-F-]{36}$")')));
        v_answer := (private.say('refused', v_language), false)::private.tool_answer;
    elsif not private.tool_is_used(p_call.org_id, p_tool_name) then
        v_answer := (private.say('not_available', v_language), false)::private.tool_answer;
    else
        if p_tool_name = 'bookClinicAppointment' and not private.tool_was_used(p_call, 'checkAvailability') then
            perform private.run_tool(p_call, left(p_tool_call_id, 249) || ':check', 'checkAvailability', p_arguments, p_now);
        end if;
        begin
            v_answer := private.use_tool(p_call, p_tool_name, p_arguments, p_now);
            if v_answer.result is null then
                raise exception 'The tool has nothing to say.' using errcode = 'XX000';
            end if;
        exception when others then
            v_answer := (private.say('apology', v_language), false)::private.tool_answer;
            perform private.alert(p_call.org_id, 'tool_failed:' || p_tool_name, format(
                'The tool %s failed in a call: %s %s (%s)', p_tool_name, sqlstate, left(sqlerrm, 200), p_call.id), p_now);
        end;
    end if;
    v_answer.result := private.one_line(v_answer.result, 2000);

    insert into private.tool_runs as r (org_id, call_id, tool_call_id, tool_name, arguments, result, ok, created_at)
    select p_call.org_id, p_call.id, p_tool_call_id, p_tool_name, p_arguments - 'callerWords', v_answer.result, v_answer.ok, p_now
    where p_tool_call_id <> ''
    on conflict (org_id, call_id, tool_call_id) do nothing;
    return v_answer;
end
$$;

revoke execute on function private.run_tool(public.calls, text, text, jsonb, timestamptz) from public, anon, authenticated, service_role;
