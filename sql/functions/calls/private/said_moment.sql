-- The moment a tool was given, a day and a time apart or in one, on the clinic's clock: private.clinic_time() of it. Besides
-- that one's problems: no_date, no_time, for what was not given at all. Of a skipped hour it says the moment after, too.
create or replace function private.said_moment(p_call public.calls, p_day text, p_clock text, p_now timestamptz)
returns private.clinic_moment
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_whole constant text := '^\d{4}-\d{2}-\d{2}[tT ]+\d{1,2}:\d{2}';
    v_zone constant text := private.zone_of(p_call.org_id);
    v_local text;
    v_moment private.clinic_moment;
begin
    if p_clock ~ v_whole then
        return private.clinic_time(p_call.org_id, p_clock, p_now);
    elsif p_day is null then
        return (null, 'no_date')::private.clinic_moment;
    elsif p_clock is null and p_day ~ v_whole then
        return private.clinic_time(p_call.org_id, p_day, p_now);
    elsif p_clock is null then
        return (null, 'no_time')::private.clinic_moment;
    end if;
    v_local := private.said_day(p_day, v_zone, private.language_of(p_call), p_now) || 'T' || private.said_clock(p_clock);
    v_moment := private.clinic_time(p_call.org_id, v_local, p_now);
    if v_moment.problem = 'skipped' then
        v_moment.at := v_local::timestamp at time zone v_zone;
    end if;
    return v_moment;
end
$$;

revoke execute on function private.said_moment(public.calls, text, text, timestamptz) from public, anon, authenticated, service_role;
