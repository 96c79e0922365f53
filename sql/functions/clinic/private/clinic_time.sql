-- When a time is that somebody said to a clinic: ISO 8601, with an offset or, without one, on the clinic's own clock.
--
-- Never moves a time in silence. Its problem is `unreadable` (no such form or no such date, or seconds that nobody books
-- by), `skipped` (the clocks go forward over it), `past`, or `too_far`: more than four hundred days away. A time on the clinic's
-- clock that comes twice is the first of the two; the other can be said with its offset.
create or replace function private.clinic_time(p_org_id uuid, p_when text, p_now timestamptz default now())
returns private.clinic_moment
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_parts constant text[] := regexp_match(
        btrim(p_when),
        '^(\d{4}-\d{2}-\d{2})[tT ](\d{1,2}:\d{2})(?::00(?:[.,]0+)?)? ?([zZ]|[+-]\d{2}(?::?\d{2})?)?$');
    v_local timestamp;
    v_at timestamptz;
begin
    if v_parts is null then
        return (null, 'unreadable')::private.clinic_moment;
    end if;
    begin
        v_local := (v_parts[1] || ' ' || v_parts[2])::timestamp;
        v_at := case
            when v_parts[3] is null then private.instant_of(v_local, private.zone_of(p_org_id))
            else (v_parts[1] || ' ' || v_parts[2] || v_parts[3])::timestamptz
        end;
    exception when datetime_field_overflow or invalid_datetime_format or invalid_time_zone_displacement_value then
        return (null, 'unreadable')::private.clinic_moment;
    end;

    return (v_at, case
        when v_at is null then 'skipped'
        when v_at <= p_now then 'past'
        when v_at > p_now + interval '400 days' then 'too_far'
    end)::private.clinic_moment;
end
$$;

revoke execute on function private.clinic_time(uuid, text, timestamptz) from public, anon, authenticated, service_role;
