-- Whether a moment lies in weekly hours, such as {"mon": [["09:00", "17:00"]]}, on the clock of a zone. None at all is
-- always.
create or replace function private.is_within_hours(p_hours jsonb, p_zone text, p_at timestamptz)
returns boolean
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p_hours = '{}' or exists (
        select
        from jsonb_array_elements(p_hours -> (array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[
            extract(isodow from p_at at time zone p_zone)::integer]) as s (span)
        where (p_at at time zone p_zone)::time >= (s.span ->> 0)::time
          and ((p_at at time zone p_zone)::time < (s.span ->> 1)::time or s.span ->> 1 = '24:00'));
$$;

revoke execute on function private.is_within_hours(jsonb, text, timestamptz)
    from public, anon, authenticated, service_role;
