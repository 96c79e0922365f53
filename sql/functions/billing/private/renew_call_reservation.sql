-- Renews the hold of a call under way, as far as there is money. A call that is over is left alone.
--
-- Locks: the wallet, then the reservation.
--
-- Raises 404 call_not_found.
create or replace function private.renew_call_reservation(p_call_id uuid, p_now timestamptz default now())
returns public.credit_reservations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation public.credit_reservations := private.lock_call(p_call_id);
begin
    if v_reservation.status = 'active' and v_reservation.cap_released_at is null
       and v_reservation.end_requested_at is null then
        v_reservation := private.extend_hold(v_reservation, p_now);
    end if;
    return v_reservation;
end
$$;

revoke execute on function private.renew_call_reservation(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.renew_call_reservation(uuid, timestamptz) to service_role;
