-- When the clocks of a zone show this date and time.
--
-- NULL when they never do, because the hour was skipped; the first of the two when it is repeated. Postgres would move
-- a skipped time on and take the second of a repeated one. The earlier of two is found with the offset of the day before.
create or replace function private.instant_of(p_local timestamp, p_zone text)
returns timestamptz
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_later constant timestamptz := p_local at time zone p_zone;
    v_day_before constant timestamptz := v_later - interval '24 hours';
    v_earlier constant timestamptz :=
        v_later + ((p_local - interval '24 hours') - (v_day_before at time zone p_zone));
begin
    if v_earlier < v_later and (v_earlier at time zone p_zone) = p_local then
        return v_earlier;
    elsif (v_later at time zone p_zone) = p_local then
        return v_later;
    end if;
    return null;
end
$$;

revoke execute on function private.instant_of(timestamp, text) from public, anon, authenticated, service_role;
