-- Takes a call's wallet and its reservation, found by the call alone.
--
-- Locks: the wallet, then the reservation.
--
-- Raises 404 call_not_found.
create or replace function private.lock_call(p_call_id uuid)
returns public.credit_reservations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
    v_reservation public.credit_reservations;
begin
    select d.org_id into v_org_id from private.directory d where d.kind = 'call' and d.key = p_call_id::text;
    if not found then
        perform private.fail('call_not_found');
    end if;
    perform private.lock_wallet(v_org_id);
    select * into v_reservation
    from public.credit_reservations r
    where r.org_id = v_org_id and r.call_id = p_call_id
    for update;
    if not found then
        perform private.fail('call_not_found');
    end if;
    return v_reservation;
end
$$;

revoke execute on function private.lock_call(uuid) from public, anon, authenticated, service_role;
