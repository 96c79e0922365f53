-- Answers Vapi's tool calls: one line for each, whatever shape they came in and whatever becomes of the others.
--
-- A call that is nobody's, and a message whose metadata names another organisation's call or records, is refused in one
-- line and goes on record. Locks: the call (its wishes are met one after the other), then what each tool takes.
create or replace function private.run_tools(p_call public.calls, p_message jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_named text;
    v_asked record;
    v_answer private.tool_answer;
    v_results jsonb := jsonb_build_array();
begin
    if p_call.id is null then
        v_named := 'call';
    else
        perform from public.calls c where c.org_id = p_call.org_id and c.id = p_call.id for no key update;
        v_named := private.names_others(p_call, private.metadata_of(p_message), false);
    end if;
    if v_named is not null then
        perform private.note_refused_tool(p_call, v_named, jsonb_build_object(
            'vapi_call_id', left(p_message #>> '{call,id}', 255), 'metadata', private.metadata_of(p_message)));
    end if;

    for v_asked in select * from private.tool_calls_of(p_message) loop
        if v_named is not null then
            v_answer := (private.say('refused', private.language_of(p_call)), false)::private.tool_answer;
        else
            v_answer := private.run_tool(
                p_call, v_asked.tool_call_id, v_asked.tool_name,
                v_asked.arguments || jsonb_strip_nulls(jsonb_build_object('callerWords', case
                    when v_asked.tool_name = 'transferCall' then private.words_of_caller(p_message) end)),
                p_now);
        end if;
        v_results := v_results || jsonb_build_object(
            'toolCallId', v_asked.tool_call_id, 'name', v_asked.tool_name, 'result', v_answer.result);
    end loop;
    return jsonb_build_object('results', v_results);
end
$$;

revoke execute on function private.run_tools(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;
