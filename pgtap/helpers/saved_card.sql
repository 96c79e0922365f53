-- Gives an organisation a customer and a saved card, by a payment of this much, and auto-recharge with it.
create or replace function tests.saved_card(p_org uuid, p_paid bigint, p_threshold bigint, p_amount bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform tests.stripe_customer(p_org);
    perform tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(
        p_org, 'pi_card_' || replace(p_org::text, '-', ''), p_paid, '{"setup_future_usage": "off_session"}'));
    update public.credit_wallets w set
        auto_recharge_enabled = true, auto_recharge_threshold_pence = p_threshold, auto_recharge_amount_pence = p_amount
    where w.org_id = p_org;
end
$$;
