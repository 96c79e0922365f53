-- Gives back what a worker that stops has claimed and not finished, so that another may start it at once.
--
-- The attempt does not count. Answers how many. Locks: the worker's effects.
create or replace function private.release_leases(p_worker text, p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    update private.effects e set
        state = 'ready', lease_token = null, lease_until = null, worker = null,
        run_at = greatest(e.run_at, p_now), attempts = greatest(e.attempts - 1, 0)
    where e.id in (
        select r.id from private.effects r
        where r.state = 'running' and r.worker = p_worker
        order by r.id
        for update skip locked);
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

revoke execute on function private.release_leases(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.release_leases(text, timestamptz) to service_role;
