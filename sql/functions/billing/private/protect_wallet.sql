-- Ends calls that the money no longer covers, after a debit in the midst of them: the kill switch.
--
-- With nothing left, or the wallet suspended, every call ends. When balance and debt limit no longer cover what calls
-- could cost at most, they end newest first until they do; a call that was told to end counts as ending. Holds beyond
-- the balance are cut.
--
-- Locks: the reservations of calls under way, newest first; the caller holds the wallet.
create or replace function private.protect_wallet(p_wallet public.credit_wallets, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation public.credit_reservations;
    v_uncovered bigint := p_wallet.capped_pence - p_wallet.balance_pence - p_wallet.debt_limit_pence;
    v_reason constant text := case when p_wallet.status = 'suspended' then 'wallet_suspended'
                                   when p_wallet.balance_pence <= 0 then 'wallet_empty' end;
begin
    if p_wallet.held_pence > p_wallet.balance_pence then
        perform private.cut_holds(p_wallet, p_now);
    end if;
    if v_reason is null and v_uncovered <= 0 then
        return;
    end if;
    for v_reservation in
        select * from public.credit_reservations r
        where r.org_id = p_wallet.org_id and r.cap_released_at is null
        order by r.created_at desc, r.id desc
        for update
    loop
        exit when v_reason is null and v_uncovered <= 0;
        perform private.end_call(v_reservation, coalesce(v_reason, 'cap_uncovered'), p_now, p_now);
        v_uncovered := v_uncovered - v_reservation.cap_pence;
    end loop;
end
$$;

revoke execute on function private.protect_wallet(public.credit_wallets, timestamptz)
    from public, anon, authenticated, service_role;
