-- Somebody deleted an organisation's customer at Stripe, and with it the saved card: the next top-up makes a new one.
--
-- Money that came by the old customer is still found by the directory, which forgets nothing. Locks: the caller holds the
-- wallet; then the organisation.
create or replace function private.stripe_customer_deleted(p_org_id uuid, p_customer_id text, p_now timestamptz)
returns private.webhook_verdict
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.organizations o set stripe_customer_id = null, updated_at = p_now
    where o.id = p_org_id and o.stripe_customer_id = p_customer_id;
    if found then
        update public.credit_wallets w set
            stripe_payment_method_id = null, payment_method_at = null, auto_recharge_enabled = false, updated_at = p_now
        where w.org_id = p_org_id;
        perform private.alert(
            p_org_id, 'stripe_customer_deleted',
            'Its customer was deleted at Stripe: the saved card is gone, auto-recharge is off, the next top-up makes a new customer.',
            p_now);
    end if;
    return (p_org_id, 'processed', null, false)::private.webhook_verdict;
end
$$;

revoke execute on function private.stripe_customer_deleted(uuid, text, timestamptz)
    from public, anon, authenticated, service_role;
