-- Says what came of a wish for an appointment; p_done names the sentence for one that was granted.
create or replace function private.booking_answer(p_call public.calls, p_booking private.booking, p_at timestamptz, p_done text)
returns private.tool_answer
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_language constant text := private.language_of(p_call);
    v_time constant text := private.spoken_time(
        case when p_booking.outcome in ('booked', 'already', 'cancelled') then (p_booking.appointment).scheduled_at else p_at end,
        private.zone_of(p_call.org_id), v_language);
    v_practitioner text;
begin
    if p_booking.outcome in ('taken', 'closed', 'past') then
        return (concat_ws(' ',
            private.say(case p_booking.outcome when 'taken' then 'slot_taken' when 'closed' then 'time_closed' else 'time_past' end,
                        v_language, jsonb_build_object('time', v_time)),
            private.offer_slots(p_call, p_booking.alternatives)), false)::private.tool_answer;
    end if;
    select p.name into v_practitioner from public.practitioners p
    where p.org_id = p_call.org_id and p.id = (p_booking.appointment).practitioner_id;
    return (private.say(
        case when p_booking.outcome = 'already' and p_done = 'booked' then 'already_booked'
             when p_done = 'booked' and v_practitioner is not null then 'booked_with'
             else p_done end,
        v_language, jsonb_build_object('time', v_time, 'practitioner', coalesce(v_practitioner, ''))), true)::private.tool_answer;
end
$$;

revoke execute on function private.booking_answer(public.calls, private.booking, timestamptz, text) from public, anon, authenticated, service_role;
