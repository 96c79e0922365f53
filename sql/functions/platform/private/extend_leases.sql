-- Renews the leases of effects that are still being carried out: [{"id", "token"}, …].
--
-- Answers those still held; what is missing went to someone else, and need not be finished. Skips rows that are locked
-- this very moment (they are being finished); the next heartbeat comes long before their lease ends.
create or replace function private.extend_leases(p_leases jsonb, p_now timestamptz default now())
returns setof uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    with held as materialized (
        select e.id, e.kind
        from jsonb_to_recordset(p_leases) as l (id uuid, token uuid)
        join private.effects e on e.id = l.id and e.lease_token = l.token
        order by e.id
        for update of e skip locked
    ), renewed as (
        update private.effects e
        set lease_until = p_now + make_interval(secs => k.lease_seconds::double precision)
        from held h
        join private.effect_kinds k on k.kind = h.kind
        where e.id = h.id
        returning e.id
    )
    select e.id
    from jsonb_to_recordset(p_leases) as l (id uuid, token uuid)
    join private.effects e on e.id = l.id and e.lease_token = l.token;
$$;

revoke execute on function private.extend_leases(jsonb, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.extend_leases(jsonb, timestamptz) to service_role;
