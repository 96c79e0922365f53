-- Hands a worker up to p_limit effects that are due, each under a lease with a new token.
--
-- Of a key only its first effect is handed out, and only while none of the key runs; should two workers still meet
-- (the first was committed after the second was seen), a unique index decides and the loser leaves it to the other.
-- p_kinds are the kinds the worker knows; null means all. p_look_back holds, for each priority class (10, 50, 100, 200),
-- how many seconds before now to start: what the worker has seen empty before need not be walked again, so that dead
-- rows behind a long snapshot cost nothing. Null looks at everything; a worker does so every 5 s.
-- What exceeds a provider's limit is not handed out: it is given a later run_at, one after the other.
--
-- The commit does not wait for the disk: a claim that a crash of Postgres loses leaves its effects ready, to be carried
-- out once more, which every executor is made for. Call it in a transaction of its own.
--
-- On paper a forbidden scan costs so much that Postgres would compile the plan, for 300 ms: so compiling is off.
--
-- Locks: the effects, skipping what others hold; then the buckets of limited providers, in the order of their names.
create or replace function private.claim_effects(
    p_worker text,
    p_limit integer,
    p_kinds text[] default null,
    p_look_back double precision[] default null,
    p_now timestamptz default now()
)
returns setof private.claimed_effect
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set jit = off
as $$
declare
    v_ids uuid[];
    v_keyed uuid[];
    v_kinds text[];
    v_claimed private.claimed_effect[];
    v_id uuid;
begin
    perform set_config('synchronous_commit', 'off', true);
    select coalesce(array_agg(d.id) filter (where d.queue_key is null), '{}'),
           coalesce(array_agg(d.id) filter (where d.queue_key is not null), '{}'),
           coalesce(array_agg(distinct d.kind), '{}')
    into v_ids, v_keyed, v_kinds
    from (
        select e.id, e.queue_key, e.kind
        from (values (10::smallint, 1), (50::smallint, 2), (100::smallint, 3), (200::smallint, 4)) as c (priority, place)
        cross join lateral (
            select r.id, r.queue_key, r.kind
            from private.effects r
            where r.state = 'ready' and r.priority = c.priority
              and r.run_at >= coalesce(p_now - make_interval(secs => p_look_back[c.place]), '-infinity')
              and r.run_at <= p_now
              and (p_kinds is null or r.kind = any (p_kinds))
              and (r.queue_key is null
                   or (not exists (select from private.effects l where l.queue_key = r.queue_key and l.id < r.id)
                       and not exists (select from private.effects o
                                       where o.queue_key = r.queue_key and o.state = 'running')))
            order by r.priority, r.run_at, r.id
            limit p_limit
            for update of r skip locked
        ) as e
        limit p_limit
    ) as d;

    if exists (select from private.effect_kinds k join private.provider_limits l on l.provider = k.provider
               where k.kind = any (v_kinds)) then
        select coalesce(array_agg(a.id) filter (where a.id <> all (v_keyed)), '{}'),
               coalesce(array_agg(a.id) filter (where a.id = any (v_keyed)), '{}')
        into v_ids, v_keyed
        from private.admit_effects(v_ids || v_keyed, p_now) as a (id);
    end if;

    if v_ids <> '{}' then
        return query select * from private.lease_effects(v_ids, p_worker, p_now);
    end if;
    if v_keyed = '{}' then
        return;
    end if;

    begin
        v_claimed := array(select l from private.lease_effects(v_keyed, p_worker, p_now) as l);
    exception when unique_violation then
        -- One of these keys runs elsewhere after all: take the others one by one.
        foreach v_id in array v_keyed loop
            begin
                v_claimed := v_claimed || array(select l from private.lease_effects(array[v_id], p_worker, p_now) as l);
            exception when unique_violation then
                null;
            end;
        end loop;
    end;
    return query select * from unnest(v_claimed);
end
$$;

revoke execute on function private.claim_effects(text, integer, text[], double precision[], timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.claim_effects(text, integer, text[], double precision[], timestamptz) to service_role;
