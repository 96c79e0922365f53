-- How a moment is said to people in a zone: its date and time ('moment'), the date alone ('day') or the time alone ('time').
--
-- The weekday makes a date one of its year. Midnight and noon are said as such in clocks of twelve hours.
create or replace function private.spoken_time(p_at timestamptz, p_zone text, p_language text, p_part text default 'moment')
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_local constant timestamp := p_at at time zone p_zone;
    v_day constant integer := extract(day from v_local)::integer;
    v_hour constant integer := extract(hour from v_local)::integer;
    v_calendar private.spoken_calendars;
    v_pattern text;
begin
    select * into strict v_calendar
    from private.spoken_calendars c
    where c.language in (p_language, left(p_language, 2), 'en')
    order by c.language = p_language desc, c.language = left(p_language, 2) desc
    limit 1;
    v_pattern := case p_part
        when 'day' then split_part(v_calendar.pattern, '|', 1)
        when 'time' then split_part(v_calendar.pattern, '|', 3)
        else replace(v_calendar.pattern, '|', '') end;
    return private.render_template(v_pattern, jsonb_build_object(
        'weekday', v_calendar.weekdays[extract(isodow from v_local)::integer],
        'month', v_calendar.months[extract(month from v_local)::integer],
        'day', case when v_day = 1 and v_calendar.language in ('fr', 'it') then case v_calendar.language when 'fr' then '1er' else '1º' end
                    else v_day::text end,
        'ordinal', v_day || case when v_day in (11, 12, 13) then 'th' when v_day % 10 = 1 then 'st' when v_day % 10 = 2 then 'nd'
                                 when v_day % 10 = 3 then 'rd' else 'th' end,
        'time', to_char(v_local, 'HH24:MI'),
        'hour', v_hour::text,
        'minute', to_char(v_local, 'MI'),
        'clock', case to_char(v_local, 'HH24:MI') when '00:00' then 'midnight' when '12:00' then 'noon'
                      else to_char(v_local, 'FMHH12:MI am') end), false);
end
$$;

revoke execute on function private.spoken_time(timestamptz, text, text, text) from public, anon, authenticated, service_role;
