-- Of effects that a claim holds, those that their providers' limits let through now.
--
-- Each provider has a bucket: busy_until moves on by one gap (1 / per_second) for each effect let through, and may lie at
-- most `burst` gaps ahead. The others get a later run_at, each its own, behind those pushed before: so a backlog for a
-- slow provider is touched once in a while and not walked by every claim.
--
-- Locks: the buckets, in the order of their names.
create or replace function private.admit_effects(p_ids uuid[], p_now timestamptz)
returns setof uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_demand record;
    v_bucket private.provider_buckets;
    v_admitted integer;
    v_start timestamptz;
begin
    for v_demand in
        select l.provider, interval '1 second' / l.per_second::double precision as gap, l.burst,
               array_agg(e.id order by e.id) as ids
        from private.effects e
        join private.effect_kinds k on k.kind = e.kind
        left join private.provider_limits l on l.provider = k.provider
        where e.id = any (p_ids)
        group by l.provider, l.per_second, l.burst
        order by l.provider
    loop
        if v_demand.provider is null then
            return query select * from unnest(v_demand.ids);
            continue;
        end if;

        insert into private.provider_buckets (provider, busy_until, pushed_until)
        values (v_demand.provider, p_now, p_now)
        on conflict (provider) do nothing;
        select * into v_bucket from private.provider_buckets b where b.provider = v_demand.provider for update;

        -- The small excess forgives the rounding of a gap: who comes exactly when a place is free gets it.
        v_bucket.busy_until := greatest(v_bucket.busy_until, p_now);
        v_admitted := least(
            cardinality(v_demand.ids),
            floor(extract(epoch from p_now + v_demand.burst * v_demand.gap - v_bucket.busy_until)
                  / extract(epoch from v_demand.gap) + 0.01)::integer);
        v_admitted := greatest(v_admitted, 0);
        return query select * from unnest(v_demand.ids[:v_admitted]);

        v_bucket.busy_until := v_bucket.busy_until + v_admitted * v_demand.gap;
        v_start := greatest(v_bucket.pushed_until, v_bucket.busy_until - v_demand.burst * v_demand.gap);
        update private.effects e set run_at = v_start + p.place * v_demand.gap
        from unnest(v_demand.ids[v_admitted + 1:]) with ordinality as p (id, place)
        where e.id = p.id;
        update private.provider_buckets b set
            busy_until = v_bucket.busy_until,
            pushed_until = case when v_admitted < cardinality(v_demand.ids)
                                then v_start + (cardinality(v_demand.ids) - v_admitted) * v_demand.gap
                                else b.pushed_until end
        where b.provider = v_demand.provider;
    end loop;
end
$$;

revoke execute on function private.admit_effects(uuid[], timestamptz) from public, anon, authenticated, service_role;
