-- What is free on a day, or on the days from one on.
create or replace function private.availability_of_days(
    p_call public.calls, p_wish private.tool_wish, p_arguments jsonb, p_now timestamptz
)
returns private.tool_answer
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_language constant text := private.language_of(p_call);
    v_zone constant text := private.zone_of(p_call.org_id);
    v_days constant integer := least(greatest(coalesce(
        substring(private.tool_argument(p_arguments, 'days', 'numberofdays') from '^\d{1,3}')::integer, 1), 1), 14);
    v_day constant text := private.said_day(p_wish.day, v_zone, v_language, p_now);
    v_moment private.clinic_moment := private.clinic_time(p_call.org_id, v_day || 'T12:00', p_now);
    v_from timestamptz;
    v_free private.free_slot[];
    v_sentence text;
begin
    if v_moment.problem = 'past' and v_moment.at >= date_trunc('day', p_now, v_zone) then
        v_moment.problem := null;
    end if;
    if v_moment.problem is not null then
        return (private.moment_trouble(p_call, v_moment, p_wish.service_id, p_wish.practitioner_id, p_now), false)::private.tool_answer;
    end if;

    v_from := date_trunc('day', v_moment.at, v_zone);
    v_free := array(select s from private.check_availability(
        p_call.org_id, v_from, ((v_from at time zone v_zone) + make_interval(days => v_days)) at time zone v_zone,
        p_wish.service_id, p_wish.practitioner_id, 500, p_now) as s);
    if cardinality(v_free) = 0 then
        v_sentence := private.say(case v_days when 1 then 'day_not_free' else 'days_not_free' end, v_language, jsonb_build_object(
            'day', private.spoken_time(v_moment.at, v_zone, v_language, 'day')));
        return (v_sentence || ' ' || private.offer_slots(p_call, array(
            select s from private.nearest_slots(
                p_call.org_id, v_moment.at, p_wish.service_id, p_wish.practitioner_id, 3, p_now) as s)), true)::private.tool_answer;
    end if;
    return (private.say(
        case v_days when 1 then 'slots_on_day' else 'slots_listed' end || case when cardinality(v_free) > 6 then '_among' else '' end,
        v_language, jsonb_build_object(
            'day', private.spoken_time(v_moment.at, v_zone, v_language, 'day'),
            'times', private.spoken_slots(p_call, private.some_slots(v_free, 6), case v_days when 1 then 'time' else 'moment' end))),
        true)::private.tool_answer;
end
$$;

revoke execute on function private.availability_of_days(public.calls, private.tool_wish, jsonb, timestamptz) from public, anon, authenticated, service_role;
