-- Makes of what the words of a call say everything that follows: its times and state, whom it was with, the mood, what was
-- booked, its worth and outcome; then the lead.
--
-- Locks: the call's record and the call, which the caller holds; the contact, the appointment; then enqueues.
create or replace function private.complete_record(
    p_before public.calls, p_call public.calls, p_record private.call_records, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call public.calls := private.with_recording(private.with_times(p_call, p_record.parts));
    v_connected constant boolean := private.is_connected(v_call);
    v_known private.known_call;
    v_services public.services[];
    v_appointment public.appointments;
begin
    v_call.status := case when not v_connected or (private.ended_reason(v_call.ended_reason)).failed then 'failed'
                          else 'completed' end;
    v_call := private.with_mood(v_call, p_record.parts, v_connected);
    v_known := private.with_contact(v_call, p_before, p_record, p_now);
    v_call := v_known.call;

    v_services := array(select s from private.services_in(
        v_call.org_id, concat_ws(' ', private.said_by_caller(v_call), v_call.summary)) as s);
    v_appointment := private.appointment_of_call(v_call);
    v_call.appointment_id := coalesce(v_appointment.id, v_call.appointment_id);
    v_call.booking_confirmed := private.is_booked(v_call, v_appointment);
    v_call.financial_value_pence := case
        when v_connected then private.call_value(v_call, v_services, v_appointment.service_id) else 0 end;
    v_call.outcome := private.call_outcome(v_call, v_services, v_appointment, v_connected);

    if private.keep_record(p_before, v_call, p_now) then
        update public.appointments a set
            call_id = v_call.id, vapi_call_id = coalesce(a.vapi_call_id, v_call.vapi_call_id), updated_at = p_now
        where a.org_id = v_call.org_id and a.id = v_appointment.id and a.call_id is null;
        perform private.emit_event(v_call.org_id, 'call.recorded', jsonb_build_object(
            'call_id', v_call.id, 'contact_id', v_call.contact_id, 'status', v_call.status,
            'booking_confirmed', v_call.booking_confirmed));
    end if;
    perform private.follow_up_lead(v_call, v_known.record, v_services, v_connected, p_now);
end
$$;

revoke execute on function private.complete_record(public.calls, public.calls, private.call_records, timestamptz)
    from public, anon, authenticated, service_role;
