-- The appointments a caller may change: those of the number of the call, or else those of a name and a day that both match. A
-- day narrows the number's down, where any is left, and so does a time.
create or replace function private.appointments_meant(p_call public.calls, p_arguments jsonb, p_now timestamptz)
returns setof public.appointments
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_zone constant text := private.zone_of(p_call.org_id);
    v_name constant text := private.said_name(p_arguments);
    v_said constant text := private.tool_argument(
        p_arguments, 'date', 'currentdate', 'appointmentdate', 'olddate', 'originaldate', 'day', 'datetime', 'currentdatetime');
    v_clock constant text := private.said_clock(coalesce(
        private.tool_argument(p_arguments, 'time', 'currenttime', 'appointmenttime', 'oldtime', 'originaltime'),
        substring(v_said from '[tT ](\d{1,2}:\d{2})')));
    v_on date;
    v_found public.appointments[];
    v_narrowed public.appointments[];
begin
    begin
        v_on := private.said_day(v_said, v_zone, private.language_of(p_call), p_now)::date;
    exception when datetime_field_overflow or invalid_datetime_format then
        v_on := null;
    end;
    v_found := array(select a from private.appointments_of_caller(
        p_call.org_id, private.number_of_call(p_call), null, null, p_now) as a);
    if cardinality(v_found) = 0 and v_name is not null and v_on is not null then
        v_found := array(select a from private.appointments_of_caller(p_call.org_id, null, v_name, v_on, p_now) as a);
    end if;

    v_narrowed := array(select u from unnest(v_found) as u where v_on is null or (u.scheduled_at at time zone v_zone)::date = v_on);
    if cardinality(v_narrowed) > 0 then
        v_found := v_narrowed;
    end if;
    v_narrowed := array(select u from unnest(v_found) as u where to_char(u.scheduled_at at time zone v_zone, 'HH24:MI') = v_clock);
    if cardinality(v_narrowed) > 0 then
        v_found := v_narrowed;
    end if;
    return query select * from unnest(v_found);
end
$$;

revoke execute on function private.appointments_meant(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;
