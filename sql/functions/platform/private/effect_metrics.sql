-- The queue in figures, a row for each kind and state: how many, and how many seconds the longest due one is late.
--
-- Dead letters of the last day come as state 'dead'.
create or replace function private.effect_metrics(p_now timestamptz default now())
returns table (kind text, state text, effects bigint, late_seconds double precision)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select e.kind, e.state, count(*),
           greatest(extract(epoch from p_now - min(e.run_at) filter (where e.state = 'ready')), 0)::double precision
    from private.effects e
    group by e.kind, e.state
    union all
    select d.kind, 'dead', count(*), null
    from private.effects_done d
    where d.outcome = 'dead' and d.finished_at > p_now - interval '1 day'
    group by d.kind;
$$;

revoke execute on function private.effect_metrics(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.effect_metrics(timestamptz) to service_role;
