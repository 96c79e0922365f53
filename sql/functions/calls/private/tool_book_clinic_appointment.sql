-- Books an appointment, once however often one call asks for it; a slot that is gone, and a time at which nobody is seen, are
-- answered with the nearest free ones.
--
-- It is for whoever the number belongs to: the caller's own, or one given for somebody else, which then is the patient's
-- and gets the reminders. What that number had booked before, outside this call, is not told. Locks: the call, the
-- contact, then as private.book_appointment().
create or replace function private.tool_book_clinic_appointment(p_call public.calls, p_arguments jsonb, p_now timestamptz)
returns private.tool_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_language constant text := private.language_of(p_call);
    v_wish constant private.tool_wish := private.tool_wish_of(p_call, p_arguments, p_now);
    v_moment constant private.clinic_moment := private.said_moment(p_call, v_wish.day, v_wish.clock, p_now);
    v_phone constant text := coalesce(private.said_number(p_call, private.tool_argument(
        p_arguments, 'phone', 'phonenumber', 'patientphone', 'customerphone', 'callerphone', 'contactphone')), private.number_of_call(p_call));
    v_booking private.booking;
begin
    if v_moment.problem is not null then
        return (private.moment_trouble(p_call, v_moment, v_wish.service_id, v_wish.practitioner_id, p_now), false)::private.tool_answer;
    elsif v_phone is null then
        return (private.say('ask_phone', v_language), false)::private.tool_answer;
    end if;

    v_booking := private.book_appointment(
        p_call.org_id,
        private.contact_of_number(p_call.org_id, v_phone, private.said_name(p_arguments), p_now),
        v_moment.at, v_wish.service_id, v_wish.practitioner_id, p_call.id,
        p_title => case when v_wish.service_id is null then left(private.redact_call_text(p_call.org_id, v_wish.service), 200) end,
        p_notes => private.redact_call_text(p_call.org_id, private.tool_argument(p_arguments, 'notes', 'note', 'reason', 'comments')),
        p_now => p_now,
        p_another => coalesce(lower(private.tool_argument(p_arguments, 'another', 'onemore')) = 'true', false));
    if v_booking.outcome = 'already' and v_phone is distinct from private.number_of_call(p_call)
        and (v_booking.appointment).call_id is distinct from p_call.id
    then
        v_booking := ('taken', null, array(
            select s from private.nearest_slots(p_call.org_id, v_moment.at, v_wish.service_id, v_wish.practitioner_id, 3, p_now) as s
        ))::private.booking;
    end if;
    return private.booking_answer(p_call, v_booking, v_moment.at, 'booked');
end
$$;

revoke execute on function private.tool_book_clinic_appointment(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;
