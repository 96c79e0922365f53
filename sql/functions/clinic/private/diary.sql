-- The diary of everybody who could see a visit, in a period: when they see patients (opening hours less closures), and when
-- they are taken (private.busy_times).
--
-- Hours that meet, or meet over midnight, are one.
create or replace function private.diary(p_visit private.visit, p_from timestamptz, p_to timestamptz)
returns table (practitioner_id uuid, practitioner_name text, hours tstzmultirange, busy tstzmultirange)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
rows 20
as $$
declare
    v_org_id constant uuid := p_visit.org_id;
    v_zone constant text := private.zone_of(p_visit.org_id);
begin
    return query
    with open as (
        select s.practitioner_id, s.practitioner_name, range_agg(s.hours) as hours
        from private.opening_spans(
            v_org_id, p_visit.practitioner_id, (p_from at time zone v_zone)::date, (p_to at time zone v_zone)::date) as s
        group by s.practitioner_id, s.practitioner_name
    ),
    closed as (
        select c.practitioner_id, range_agg(tstzrange(
                   private.instant_from(c.starts_on::timestamp, v_zone),
                   private.instant_from(c.ends_on + interval '1 day', v_zone))) as days
        from public.closures c
        where c.org_id = v_org_id
          and c.starts_on <= (p_to at time zone v_zone)::date and c.ends_on >= (p_from at time zone v_zone)::date
        group by c.practitioner_id
    ),
    taken as (
        select * from private.busy_times(v_org_id, p_from, p_to, p_visit.replaces)
    )
    select o.practitioner_id, o.practitioner_name,
           o.hours - coalesce(all_closed.days, '{}') - coalesce(own_closed.days, '{}'),
           coalesce(all_taken.busy, '{}') + coalesce(own_taken.busy, '{}')
    from open o
    left join closed all_closed on all_closed.practitioner_id is null
    left join closed own_closed on own_closed.practitioner_id = o.practitioner_id
    left join taken all_taken on all_taken.practitioner_id is null
    left join taken own_taken on own_taken.practitioner_id = o.practitioner_id;
end
$$;

revoke execute on function private.diary(private.visit, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
