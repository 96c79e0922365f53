-- Gives a hold another five minutes, or what is left of the wallet, of the call's cap or of the month.
--
-- Answers the reservation as it is then. A slice at a time, so that calls of one organisation share what there is.
--
-- Locks: none of its own; the caller holds the wallet and the reservation.
create or replace function private.extend_hold(p_reservation public.credit_reservations, p_now timestamptz)
returns public.credit_reservations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wallet public.credit_wallets;
    v_more bigint;
    v_reservation public.credit_reservations := p_reservation;
begin
    select * into strict v_wallet from public.credit_wallets w where w.org_id = p_reservation.org_id;
    v_more := least(
        private.hold_slice_pence(p_reservation.rate_pence_per_minute),
        v_wallet.balance_pence - v_wallet.held_pence,
        p_reservation.cap_pence - p_reservation.reserved_pence,
        private.month_left_pence(v_wallet, p_now));
    if v_more <= 0 or v_wallet.status <> 'active' then
        return v_reservation;
    end if;

    update public.credit_reservations r set
        reserved_pence = r.reserved_pence + v_more,
        hold_ends_at = r.paid_from + private.paid_time(r.reserved_pence + v_more, r.rate_pence_per_minute),
        expires_at = p_now + interval '60 minutes',
        renewals = r.renewals + 1
    where r.org_id = p_reservation.org_id and r.id = p_reservation.id
    returning * into v_reservation;
    update public.credit_wallets w
    set held_pence = w.held_pence + v_more, updated_at = p_now
    where w.org_id = p_reservation.org_id;
    perform private.set_hold_deadline(v_reservation, p_now);
    perform private.wallet_moved(p_reservation.org_id, p_now);
    return v_reservation;
end
$$;

revoke execute on function private.extend_hold(public.credit_reservations, timestamptz)
    from public, anon, authenticated, service_role;
