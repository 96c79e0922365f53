-- Gives back one organisation's holds that nobody settled in time, and answers how many.
--
-- Locks: the wallet, then the reservations.
--
-- Raises 404 organization_not_found.
create or replace function private.expire_holds(p_org_id uuid, p_now timestamptz)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation public.credit_reservations;
    v_count integer := 0;
begin
    perform private.lock_wallet(p_org_id);
    for v_reservation in
        select * from public.credit_reservations r
        where r.org_id = p_org_id and r.status = 'active' and r.expires_at <= p_now
        order by r.created_at, r.id
        for update
    loop
        perform private.expire_hold(v_reservation, p_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;

revoke execute on function private.expire_holds(uuid, timestamptz) from public, anon, authenticated, service_role;
