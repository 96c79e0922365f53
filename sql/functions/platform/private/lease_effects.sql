-- Marks effects as running under new leases; the part of private.claim_effects that a unique index may stop.
--
-- What is not ready, or of a kind that is gone, is left out. Locks: the effects. Raises unique_violation, and leases
-- nothing, when another effect of one of their keys runs.
create or replace function private.lease_effects(p_ids uuid[], p_worker text, p_now timestamptz)
returns setof private.claimed_effect
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    update private.effects e set
        state = 'running',
        attempts = e.attempts + 1,
        worker = p_worker,
        lease_token = gen_random_uuid(),
        lease_until = p_now + make_interval(secs => k.lease_seconds::double precision)
    from private.effect_kinds k
    where k.kind = e.kind and e.id = any (p_ids) and e.state = 'ready'
    returning
        e.id, e.org_id, e.kind, e.payload, e.attempts, e.lease_token, k.lease_seconds::double precision,
        k.timeout_seconds::double precision, extract(epoch from p_now - e.run_at)::double precision,
        e.queue_key is not null or k.continuation is not null, e.priority::integer;
$$;

revoke execute on function private.lease_effects(uuid[], text, timestamptz)
    from public, anon, authenticated, service_role;
