-- When one person of a clinic is taken in a period, as live appointments say, the time kept free behind them included.
--
-- An appointment without a practitioner takes the clinic's whole time: the one resource of a clinic without practitioners,
-- and everybody's once there are some. p_except is an appointment that is being moved and does not stand in its own way.
-- What a connected calendar says of somebody's time belongs here, as further rows of what is taken: everything that offers
-- or books a time asks this function.
create or replace function private.busy_times(
    p_org_id uuid, p_practitioner_id uuid, p_from timestamptz, p_to timestamptz, p_except uuid
)
returns tstzmultirange
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(range_agg(t.busy), '{}')
    from (
        select tstzrange(a.scheduled_at, a.busy_until) as busy
        from public.appointments a
        where a.org_id = p_org_id and a.status in ('scheduled', 'confirmed')
          and (a.practitioner_id is null or a.practitioner_id = p_practitioner_id)
          and a.scheduled_at < p_to and a.busy_until > p_from
          -- No appointment is longer than this, so that the index by time bounds both ends.
          and a.scheduled_at > p_from - interval '14 hours'
          and a.id is distinct from p_except
    ) as t;
$$;

revoke execute on function private.busy_times(uuid, uuid, timestamptz, timestamptz, uuid)
    from public, anon, authenticated, service_role;
