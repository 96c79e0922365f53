-- From when to when each person of a clinic sees patients on each of these days, as the opening hours say: on the clinic's
-- clock, and as instants. Closures are not looked at.
--
-- A practitioner's own hours replace the clinic's; a clinic's own replace the defaults (private.default_opening_hours).
-- Only active practitioners see anybody. A clinic that never had one is one resource: practitioner_id is null. One whose
-- practitioners are all inactive sees nobody.
create or replace function private.opening_spans(
    p_org_id uuid, p_practitioner_id uuid, p_first date, p_last date
)
returns table (practitioner_id uuid, practitioner_name text, opens timestamp, closes timestamp, hours tstzrange)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
rows 500
as $$
declare
    v_zone constant text := private.zone_of(p_org_id);
begin
    return query
    with resources as (
        select p.id, p.name from public.practitioners p
        where p.org_id = p_org_id and p.is_active and (p_practitioner_id is null or p.id = p_practitioner_id)
        union all
        select null, null
        where p_practitioner_id is null and not exists (select from public.practitioners p where p.org_id = p_org_id)
    ),
    rules as (
        select h.practitioner_id, h.weekday, h.opens, h.closes from public.opening_hours h where h.org_id = p_org_id
        union all
        select null, d.weekday, d.opens, d.closes from private.default_opening_hours d
        where not exists (
            select from public.opening_hours h where h.org_id = p_org_id and h.practitioner_id is null)
    ),
    spans as materialized (
        select s.day, s.rule_of, s.opens, s.closes,
               tstzrange(private.instant_from(s.opens, v_zone), private.instant_from(s.closes, v_zone)) as hours
        from (select d.day, r.practitioner_id as rule_of, d.day + r.opens::interval as opens,
                     d.day + r.closes::interval as closes
              from generate_series(p_first::timestamp, p_last::timestamp, interval '1 day') as d (day)
              join rules r on r.weekday = extract(isodow from d.day)) as s
    )
    select r.id, r.name, s.opens, s.closes, s.hours
    from resources r
    join spans s on s.rule_of is not distinct from
        case when exists (select from rules o where o.practitioner_id = r.id) then r.id end;
end
$$;

revoke execute on function private.opening_spans(uuid, uuid, date, date) from public, anon, authenticated, service_role;
