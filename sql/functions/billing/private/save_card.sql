-- Keeps the card of a payment that was made to be used again; of several the newest, by Stripe's own time.
--
-- It has to be the organisation's own customer's, or it could not be charged. With another card the declines of the one
-- before are forgotten. The caller holds the wallet.
create or replace function private.save_card(p_org_id uuid, p_intent jsonb, p_now timestamptz)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    update public.credit_wallets w set
        recharge_failures = case when w.stripe_payment_method_id = n.card then w.recharge_failures else 0 end,
        recharge_blocked_until = case when w.stripe_payment_method_id = n.card then w.recharge_blocked_until end,
        stripe_payment_method_id = n.card,
        payment_method_at = n.at,
        updated_at = p_now
    from (select private.stripe_id(p_intent -> 'payment_method') as card,
                 to_timestamp(private.stripe_seconds(p_intent -> 'created')) as at,
                 private.stripe_id(p_intent -> 'customer') as customer) as n
    join public.organizations o on o.id = p_org_id and o.stripe_customer_id = n.customer
    where w.org_id = p_org_id and p_intent ->> 'setup_future_usage' = 'off_session' and n.card is not null
      and (coalesce(w.payment_method_at, '-infinity'), coalesce(w.stripe_payment_method_id, '')) < (n.at, n.card);
$$;

revoke execute on function private.save_card(uuid, jsonb, timestamptz) from public, anon, authenticated, service_role;
