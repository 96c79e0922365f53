-- Gives back the holds nobody settled within 60 minutes of their last renewal, and answers how many.
--
-- The hold only: what the call cost posts whenever word of it comes. Locks: the wallets in the order of their
-- organisations, each with its reservations.
create or replace function private.expire_stale_reservations(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
    v_count integer := 0;
begin
    for v_org_id in
        select distinct r.org_id from public.credit_reservations r
        where r.status = 'active' and r.hold_ends_at <= p_now and r.expires_at <= p_now
        order by r.org_id
    loop
        v_count := v_count + private.expire_holds(v_org_id, p_now);
    end loop;
    return v_count;
end
$$;

revoke execute on function private.expire_stale_reservations(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.expire_stale_reservations(timestamptz) to service_role;
