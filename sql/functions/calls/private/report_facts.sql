-- What a report of any year, or a call that was asked for, says of a call, under the names of public.calls' columns; what it
-- does not say is absent.
--
-- What is absent, null, of another type or beyond all sense is as if it had not been sent.
create or replace function private.report_facts(p_message jsonb)
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with turns as materialized (
        select private.report_turns(p_message) as turns
    )
    select private.report_times(p_message) || private.report_opinion(p_message) || private.report_transfer(p_message)
        || jsonb_strip_nulls(jsonb_build_object(
            'transcript', private.report_value(p_message, 'transcript', 'string'),
            'summary', left(coalesce(
                private.report_value(p_message -> 'analysis', 'summary', 'string'),
                private.report_value(p_message #> '{call,analysis}', 'summary', 'string'),
                private.report_value(p_message, 'summary', 'string')) #>> '{}', 20000),
            'ended_reason', coalesce(
                private.vapi_text(p_message, '{endedReason}', 200), private.vapi_text(p_message, '{call,endedReason}', 200)),
            'provider_cost', private.report_cost(p_message),
            'recording_url', private.report_recording(p_message),
            'phone_number', private.caller_number(p_message),
            'caller_name', private.report_name(p_message),
            'provider_call_sid', coalesce(
                private.vapi_text(p_message, '{call,phoneCallProviderId}', 255),
                private.vapi_text(p_message, '{phoneCallProviderId}', 255)),
            'consent', private.report_consent(p_message)))
        || case when t.turns is null then '{}' else jsonb_build_object('turns', t.turns) end
    from turns t;
$$;

revoke execute on function private.report_facts(jsonb) from public, anon, authenticated, service_role;
