-- When the people of a clinic are taken in a period, as live appointments say, the time kept free behind them included: a row
-- for each who is, and one without a practitioner for what takes the clinic's whole time.
--
-- Such a one is an appointment of a clinic without practitioners, which is one resource; once there are some, it is
-- everybody's. p_except is an appointment that is being moved and does not stand in its own way. What a connected calendar
-- says of somebody's time belongs here, as further rows of what is taken: whatever offers or books a time asks this.
create or replace function private.busy_times(p_org_id uuid, p_from timestamptz, p_to timestamptz, p_except uuid)
returns table (practitioner_id uuid, busy tstzmultirange)
language sql stable security definer
set search_path = pg_catalog, pg_temp
rows 20
as $$
    select t.practitioner_id, range_agg(t.busy)
    from (
        select a.practitioner_id, tstzrange(a.scheduled_at, a.busy_until) as busy
        from public.appointments a
        where a.org_id = p_org_id and a.status in ('scheduled', 'confirmed')
          and a.scheduled_at < p_to and a.busy_until > p_from
          -- No appointment is longer than this, so that the index by time bounds both ends.
          and a.scheduled_at > p_from - interval '14 hours'
          and a.id is distinct from p_except
    ) as t
    group by t.practitioner_id;
$$;

revoke execute on function private.busy_times(uuid, timestamptz, timestamptz, uuid)
    from public, anon, authenticated, service_role;
