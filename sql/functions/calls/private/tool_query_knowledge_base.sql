-- Looks a question up in what the clinic has said about itself: the best passage, and the next when both can be said in one
-- breath, a title they share but once. Says so when there is nothing, and counts the question.
create or replace function private.tool_query_knowledge_base(p_call public.calls, p_arguments jsonb, p_now timestamptz)
returns private.tool_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_language constant text := private.language_of(p_call);
    v_question constant text := private.tool_argument(p_arguments, 'query', 'question', 'q', 'text', 'topic', 'search');
    v_found record;
    v_title text;
    v_next text;
    v_told text;
begin
    if v_question is null then
        return (private.say('ask_question', v_language), false)::private.tool_answer;
    end if;
    for v_found in select * from private.search_knowledge(p_call.org_id, v_question, 2) loop
        if v_told is null then
            v_title := v_found.title;
            v_told := private.spoken_passage(v_found.passage, v_question, 600);
        else
            v_next := case when v_found.title = v_title then regexp_replace(v_found.passage, '^[^:]{1,80}: ', '') else v_found.passage end;
            v_told := v_told || case when length(v_told) + length(v_next) < 600 then ' ' || private.one_line(v_next, 600) else '' end;
        end if;
    end loop;
    if v_told is null then
        perform private.note_knowledge_gap(p_call.org_id, private.redact_call_text(p_call.org_id, v_question), p_now);
        return (private.say('knowledge_none', v_language), true)::private.tool_answer;
    end if;
    return (v_told, true)::private.tool_answer;
end
$$;

revoke execute on function private.tool_query_knowledge_base(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;
