-- Answers Vapi where a call is to be passed on to: a number, or an error that the caller hears as a sentence.
--
-- Locks: the call.
create or replace function private.transfer_answer(p_call public.calls, p_message jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_named text;
    v_to private.escalation;
begin
    v_named := case when p_call.id is null then 'call' else private.names_others(p_call, private.metadata_of(p_message), false) end;
    if v_named is not null then
        perform private.note_refused_tool(p_call, v_named, jsonb_build_object(
            'vapi_call_id', left(p_message #>> '{call,id}', 255), 'asked', 'transfer-destination-request'));
        return jsonb_build_object('error', private.say('refused', private.language_of(p_call)));
    end if;

    v_to := private.escalation_of(p_call, private.words_of_caller(p_message), null, p_now);
    if v_to.number is null then
        return jsonb_build_object('error', private.instead_of_transfer(p_call, v_to.fallback));
    end if;
    perform private.note_transfer(p_call, v_to.number, v_to.reason, p_now);
    return jsonb_build_object(
        'destination', jsonb_build_object('type', 'number', 'number', v_to.number),
        'message', jsonb_build_object(
            'type', 'request-start', 'message', private.say('transferring', private.language_of(p_call))));
end
$$;

revoke execute on function private.transfer_answer(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;
