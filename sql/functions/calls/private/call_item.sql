-- A call as a list shows it.
create or replace function private.call_item(p_call public.calls)
returns public.call_item
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select (p_call.id, p_call.created_at, p_call.started_at, p_call.duration_seconds, p_call.status, p_call.call_direction,
            p_call.contact_id, p_call.agent_id, p_call.phone_number, p_call.caller_name, private.has_recording(p_call),
            coalesce(octet_length(p_call.transcript) > 0, false), p_call.recording_status, p_call.cost_cents,
            p_call.appointment_id, p_call.booking_confirmed, p_call.financial_value_pence, p_call.tools_used,
            p_call.sentiment_label, p_call.sentiment_score, p_call.sentiment_summary, p_call.sentiment_urgency,
            p_call.outcome, p_call.ended_reason)::public.call_item;
$$;

revoke execute on function private.call_item(public.calls) from public, anon, authenticated, service_role;
grant execute on function private.call_item(public.calls) to authenticated;
