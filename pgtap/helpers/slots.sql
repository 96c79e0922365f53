-- The free slots of some days of a clinic, as its clock shows them: '24.11. 09:15', with who is free where anybody is.
create or replace function tests.slots(
    p_org uuid, p_first date, p_days integer default 1, p_service uuid default null, p_practitioner uuid default null,
    p_now timestamptz default '2026-01-01 00:00+00')
returns text[]
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(
        to_char(s.starts_at at time zone z.zone, 'DD.MM. HH24:MI') || coalesce(' ' || s.practitioner_name, '') order by s.starts_at), '{}')
    from private.zone_of(p_org) as z (zone)
    cross join lateral private.check_availability(
        p_org, private.instant_from(p_first::timestamp, z.zone), private.instant_from(p_first + p_days * interval '1 day', z.zone),
        p_service, p_practitioner, null, p_now) as s;
$$;
