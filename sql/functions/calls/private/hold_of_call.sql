-- What is held for a call; NULL for one that nobody asked to let in.
--
-- Locks: the wallet, the reservation.
create or replace function private.hold_of_call(p_call public.calls)
returns public.credit_reservations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation public.credit_reservations;
begin
    perform private.lock_wallet(p_call.org_id);
    select * into v_reservation
    from public.credit_reservations r
    where r.org_id = p_call.org_id and r.call_id = p_call.id
    for update;
    return v_reservation;
end
$$;

revoke execute on function private.hold_of_call(public.calls) from public, anon, authenticated, service_role;
