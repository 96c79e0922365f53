-- Writes a call's record where it has changed; answers whether it had.
--
-- Locks: the call.
create or replace function private.keep_record(p_before public.calls, p_call public.calls, p_now timestamptz)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_call is not distinct from p_before then
        return false;
    end if;
    update public.calls c set
        contact_id = p_call.contact_id, status = p_call.status, started_at = p_call.started_at, ended_at = p_call.ended_at,
        duration_seconds = p_call.duration_seconds, transcript = p_call.transcript, summary = p_call.summary,
        sentiment_label = p_call.sentiment_label, sentiment_score = p_call.sentiment_score,
        sentiment_summary = p_call.sentiment_summary, sentiment_urgency = p_call.sentiment_urgency,
        phone_number = p_call.phone_number, caller_name = p_call.caller_name, provider_call_sid = p_call.provider_call_sid,
        recording_url = p_call.recording_url, recording_status = p_call.recording_status,
        provider_cost = p_call.provider_cost, appointment_id = p_call.appointment_id, tools_used = p_call.tools_used,
        ended_reason = p_call.ended_reason, outcome = p_call.outcome, booking_confirmed = p_call.booking_confirmed,
        financial_value_pence = p_call.financial_value_pence, transfer_to = p_call.transfer_to,
        transfer_time = p_call.transfer_time, transfer_reason = p_call.transfer_reason, consent = p_call.consent,
        turns = p_call.turns, updated_at = p_now
    where c.org_id = p_call.org_id and c.id = p_call.id;
    return true;
end
$$;

revoke execute on function private.keep_record(public.calls, public.calls, timestamptz)
    from public, anon, authenticated, service_role;
