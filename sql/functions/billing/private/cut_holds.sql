-- Cuts holds, newest first, to what the balance still covers; their deadlines move, and a call without paid time ends.
--
-- Locks: the reservations, newest first; the caller holds the wallet.
create or replace function private.cut_holds(p_wallet public.credit_wallets, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_guard constant interval := private.hang_up_guard();
    v_reservation public.credit_reservations;
    v_short bigint := p_wallet.held_pence - p_wallet.balance_pence;
    v_cut bigint;
begin
    for v_reservation in
        select * from public.credit_reservations r
        where r.org_id = p_wallet.org_id and r.status = 'active'
        order by r.created_at desc, r.id desc
        for update
    loop
        exit when v_short <= 0;
        v_cut := least(v_short, v_reservation.reserved_pence);
        continue when v_cut = 0;
        v_short := v_short - v_cut;
        update public.credit_reservations r set
            reserved_pence = r.reserved_pence - v_cut,
            hold_ends_at = r.paid_from + private.paid_time(r.reserved_pence - v_cut, r.rate_pence_per_minute)
        where r.org_id = v_reservation.org_id and r.id = v_reservation.id
        returning * into strict v_reservation;
        update public.credit_wallets w
        set held_pence = w.held_pence - v_cut, updated_at = p_now
        where w.org_id = p_wallet.org_id;
        if v_reservation.hold_ends_at <= p_now + c_guard then
            perform private.end_call(v_reservation, 'hold_cut', p_now, p_now);
        elsif v_reservation.end_requested_at is null then
            perform private.set_hold_deadline(v_reservation, p_now);
        end if;
    end loop;
end
$$;

revoke execute on function private.cut_holds(public.credit_wallets, timestamptz)
    from public, anon, authenticated, service_role;
