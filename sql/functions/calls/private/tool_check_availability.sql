-- Says which times are free: on a day or several, or whether one time is, and what is nearest to it.
--
-- Without a date it says what is free next. Of many times it says some, spread over the day, and that there are others.
create or replace function private.tool_check_availability(p_call public.calls, p_arguments jsonb, p_now timestamptz)
returns private.tool_answer
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wish constant private.tool_wish := private.tool_wish_of(p_call, p_arguments, p_now);
    v_moment private.clinic_moment;
    v_sentence text;
begin
    if v_wish.day is null and v_wish.clock is null then
        v_sentence := private.offer_slots(p_call, array(
            select s from private.nearest_slots(p_call.org_id, p_now, v_wish.service_id, v_wish.practitioner_id, 3, p_now) as s));
        return (v_sentence, true)::private.tool_answer;
    end if;
    v_moment := private.said_moment(p_call, v_wish.day, v_wish.clock, p_now);
    if v_moment.problem = 'no_time' then
        return private.availability_of_days(p_call, v_wish, p_arguments, p_now);
    elsif v_moment.problem is not null then
        return (private.moment_trouble(p_call, v_moment, v_wish.service_id, v_wish.practitioner_id, p_now), false)::private.tool_answer;
    end if;

    perform from private.check_availability(
        p_call.org_id, v_moment.at, v_moment.at + interval '1 microsecond', v_wish.service_id, v_wish.practitioner_id, 1, p_now);
    v_sentence := private.say(
        case when found then 'slot_free' else 'slot_not_free' end, private.language_of(p_call), jsonb_build_object(
            'time', private.spoken_time(v_moment.at, private.zone_of(p_call.org_id), private.language_of(p_call))));
    if not found then
        v_sentence := v_sentence || ' ' || private.offer_slots(p_call, array(
            select s from private.nearest_slots(
                p_call.org_id, v_moment.at, v_wish.service_id, v_wish.practitioner_id, 3, p_now) as s));
    end if;
    return (v_sentence, true)::private.tool_answer;
end
$$;

revoke execute on function private.tool_check_availability(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;
