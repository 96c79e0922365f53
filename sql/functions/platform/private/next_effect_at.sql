-- When a worker has to get up next: the first effect that is due, the first lease that ends, the first schedule.
--
-- p_kinds and p_floors as private.claim_effects has them. Null when there is nothing at all.
create or replace function private.next_effect_at(p_kinds text[] default null, p_floors timestamptz[] default null)
returns timestamptz
language sql stable security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
    select least(
        (select min(first.run_at)
         from (values (10::smallint, 1), (50::smallint, 2), (100::smallint, 3), (200::smallint, 4)) as c (priority, place)
         cross join lateral (
             select e.run_at from private.effects e
             where e.state = 'ready' and e.priority = c.priority
               and e.run_at >= coalesce(p_floors[c.place], '-infinity')
               and (p_kinds is null or e.kind = any (p_kinds))
             order by e.priority, e.run_at, e.id
             limit 1
         ) as first),
        (select min(e.lease_until) from private.effects e where e.state = 'running'),
        (select min(s.next_run_at) from private.schedule_state s
         join private.schedules d on d.name = s.name where d.enabled));
$$;

revoke execute on function private.next_effect_at(text[], timestamptz[])
    from public, anon, authenticated, service_role;
grant execute on function private.next_effect_at(text[], timestamptz[]) to service_role;
