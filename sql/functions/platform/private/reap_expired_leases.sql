-- Takes back effects whose lease ran out (their worker died, or hangs): they are ready at once, under a new token next
-- time; one that was at its last attempt becomes a dead letter.
--
-- At most p_limit in one transaction. Answers how many. Locks: the effects, skipping what others hold; as
-- private.end_effect for dead letters.
create or replace function private.reap_expired_leases(p_now timestamptz default now(), p_limit integer default 500)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_effect private.effects;
    v_count integer := 0;
begin
    for v_effect in
        select e.* from private.effects e
        where e.state = 'running' and e.lease_until < p_now
        order by e.lease_until
        limit p_limit
        for update skip locked
    loop
        v_count := v_count + 1;
        if v_effect.attempts >= (select k.max_attempts from private.effect_kinds k where k.kind = v_effect.kind) then
            perform private.bury_effect(v_effect, 'the lease ran out: the worker died or hung', p_now);
        else
            update private.effects e set
                state = 'ready', lease_token = null, lease_until = null, worker = null,
                run_at = greatest(e.run_at, p_now), last_error = 'the lease ran out: the worker died or hung'
            where e.id = v_effect.id;
        end if;
    end loop;
    return v_count;
end
$$;

revoke execute on function private.reap_expired_leases(timestamptz, integer)
    from public, anon, authenticated, service_role;
grant execute on function private.reap_expired_leases(timestamptz, integer) to service_role;
