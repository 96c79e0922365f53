-- Gives back a hold that nobody settled in time, and ends the call if it is still under way. The cap counts on.
--
-- Locks: none of its own; the caller holds the wallet and the reservation.
create or replace function private.expire_hold(p_reservation public.credit_reservations, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.credit_reservations r
    set status = 'expired', next_poll_at = least(r.next_poll_at, p_now + interval '30 seconds')
    where r.org_id = p_reservation.org_id and r.id = p_reservation.id;
    update public.credit_wallets w
    set held_pence = w.held_pence - p_reservation.reserved_pence, updated_at = p_now
    where w.org_id = p_reservation.org_id;
    perform private.end_call(p_reservation, 'hold_expired', p_now, p_now);
end
$$;

revoke execute on function private.expire_hold(public.credit_reservations, timestamptz)
    from public, anon, authenticated, service_role;
