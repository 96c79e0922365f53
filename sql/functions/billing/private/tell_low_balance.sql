-- Tells the clinic, once, that the balance fell below its alert; anew after it was above it in between.
--
-- Locks: none of its own; the caller holds the wallet.
create or replace function private.tell_low_balance(p_wallet public.credit_wallets, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_organization public.organizations;
begin
    if p_wallet.low_balance_alert_pence is null
       or (p_wallet.balance_pence < p_wallet.low_balance_alert_pence) = (p_wallet.low_balance_told_at is not null) then
        return;
    end if;
    update public.credit_wallets w
    set low_balance_told_at = case when w.balance_pence < w.low_balance_alert_pence then p_now end
    where w.org_id = p_wallet.org_id;
    if p_wallet.low_balance_told_at is not null then
        return;
    end if;

    perform private.emit_event(p_wallet.org_id, 'wallet.low', jsonb_build_object('balance_pence', p_wallet.balance_pence));
    select * into strict v_organization from public.organizations o where o.id = p_wallet.org_id;
    if v_organization.email is not null then
        perform private.send_email(
            p_wallet.org_id, v_organization.email, 'low_balance',
            jsonb_build_object(
                'organization_name', v_organization.name, 'balance', private.pounds(p_wallet.balance_pence),
                'limit', private.pounds(p_wallet.low_balance_alert_pence)),
            format('low_balance:%s', p_wallet.entry_count));
    end if;
end
$$;

revoke execute on function private.tell_low_balance(public.credit_wallets, timestamptz)
    from public, anon, authenticated, service_role;
