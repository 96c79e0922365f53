-- A refund came back: its amount is the wallet's again, once.
--
-- Stripe's running total is no longer the sum of what was tried, so the refunds themselves are asked for as well.
-- Locks: the payment; the caller holds the wallet.
create or replace function private.stripe_refund_failed(p_org_id uuid, p_refund jsonb, p_now timestamptz)
returns private.webhook_verdict
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id constant text := p_refund ->> 'id';
    v_payment_intent constant text := private.stripe_payment_of(p_refund);
    v_amount constant bigint := private.stripe_amount(p_refund -> 'amount');
begin
    if p_refund ->> 'currency' is distinct from 'gbp' or coalesce(v_amount, 0) = 0 or v_payment_intent is null then
        return private.webhook_failed('It names no payment, or no amount in pounds.', p_org_id);
    end if;

    perform private.note_payment(p_org_id, v_payment_intent, private.stripe_id(p_refund -> 'charge'), null, p_now);
    insert into private.stripe_failed_refunds as f (org_id, refund_id, stripe_payment_intent_id, amount_pence, created_at)
    values (p_org_id, v_id, v_payment_intent, v_amount, p_now)
    on conflict (org_id, refund_id) do nothing;
    if not found then
        return (p_org_id, 'duplicate', null, false)::private.webhook_verdict;
    end if;
    perform private.settle_refunds(p_org_id, v_payment_intent, v_id, 'refund_failed:' || v_id, p_now);
    perform private.ask_refunds(p_org_id, v_payment_intent, p_now);
    return (p_org_id, 'processed', null, false)::private.webhook_verdict;
end
$$;

revoke execute on function private.stripe_refund_failed(uuid, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
