-- What follows every movement of money and every hold.
--
-- Past the debt limit the wallet is suspended; above zero a suspension for debt is lifted. Calls that the money no longer
-- covers end. Then the low-balance alert, and the saved card.
--
-- Locks: the reservations of calls under way, newest first; the caller holds the wallet.
create or replace function private.wallet_moved(p_org_id uuid, p_now timestamptz default now())
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wallet public.credit_wallets;
begin
    select * into strict v_wallet from public.credit_wallets w where w.org_id = p_org_id;
    if v_wallet.balance_pence < -v_wallet.debt_limit_pence and v_wallet.status = 'active' then
        update public.credit_wallets w set status = 'suspended', suspended_by = 'debt', updated_at = p_now
        where w.org_id = p_org_id
        returning * into v_wallet;
        perform private.alert(p_org_id, 'debt_limit_exceeded', format(
            'The balance is %s, past the debt limit of %s: the wallet is suspended.',
            private.pounds(v_wallet.balance_pence), private.pounds(v_wallet.debt_limit_pence)), p_now);
    elsif v_wallet.balance_pence > 0 and v_wallet.suspended_by = 'debt' then
        update public.credit_wallets w set status = 'active', suspended_by = null, updated_at = p_now
        where w.org_id = p_org_id
        returning * into v_wallet;
    end if;

    if v_wallet.held_pence > 0 or v_wallet.capped_pence > 0 then
        perform private.protect_wallet(v_wallet, p_now);
    end if;
    perform private.tell_low_balance(v_wallet, p_now);
    if v_wallet.auto_recharge_enabled then
        perform private.consider_recharge(p_org_id, p_now);
    end if;
end
$$;

revoke execute on function private.wallet_moved(uuid, timestamptz) from public, anon, authenticated, service_role;
