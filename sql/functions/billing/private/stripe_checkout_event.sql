-- What Stripe says of a checkout: paid, still to be paid, or over without payment.
--
-- Locks: the top-up; the caller holds the wallet.
create or replace function private.stripe_checkout_event(p_org_id uuid, p_type text, p_session jsonb, p_now timestamptz)
returns private.webhook_verdict
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_payment_intent constant text := private.stripe_payment_of(p_session);
begin
    if p_type in ('checkout.session.async_payment_failed', 'checkout.session.expired') then
        update public.wallet_topups t set status = 'failed', updated_at = p_now
        where t.org_id = p_org_id and t.stripe_session_id = p_session ->> 'id' and t.status in ('new', 'open');
        return (p_org_id, 'processed', null, false)::private.webhook_verdict;
    elsif p_session ->> 'payment_status' is distinct from 'paid' then
        return (p_org_id, 'processed', null, false)::private.webhook_verdict;
    elsif v_payment_intent is null then
        return private.webhook_failed('The checkout is paid and names no payment.', p_org_id);
    end if;
    return private.take_payment(
        p_org_id, v_payment_intent, p_session -> 'amount_total', p_session ->> 'currency', p_session -> 'metadata',
        p_session ->> 'id', p_now);
end
$$;

revoke execute on function private.stripe_checkout_event(uuid, text, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
