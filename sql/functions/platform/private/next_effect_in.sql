-- In how many seconds the first effect is due: how long a worker may sleep. Null when there is none.
--
-- A duration and not a time, so that the clocks of server and database need not agree. p_kinds and p_look_back as
-- private.claim_effects has them.
create or replace function private.next_effect_in(
    p_kinds text[] default null,
    p_look_back double precision[] default null,
    p_now timestamptz default now()
)
returns double precision
language sql stable security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
    select extract(epoch from min(f.run_at) - p_now)::double precision
    from (values (10::smallint, 1), (50::smallint, 2), (100::smallint, 3), (200::smallint, 4)) as c (priority, place)
    cross join lateral (
        select e.run_at from private.effects e
        where e.state = 'ready' and e.priority = c.priority
          and e.run_at >= coalesce(p_now - make_interval(secs => p_look_back[c.place]), '-infinity')
          and (p_kinds is null or e.kind = any (p_kinds))
        order by e.priority, e.run_at, e.id
        limit 1
    ) as f;
$$;

revoke execute on function private.next_effect_in(text[], double precision[], timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.next_effect_in(text[], double precision[], timestamptz) to service_role;
