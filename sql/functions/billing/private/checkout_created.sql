-- The step after the effect stripe.checkout: the page is there, or never will be.
--
-- The organisation keeps the customer it had first; the directory knows every one. A page ordered because a saved card
-- needs its owner is sent to the admins. A page that comes after all (a dead letter replayed) opens its top-up again.
--
-- Locks: the wallet (the customer's column is part of a key that ledger rows look at), the organisation, the top-up.
create or replace function private.checkout_created(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_customer constant text := p_result ->> 'customer';
    v_session_id constant text := p_result ->> 'session_id';
    v_topup public.wallet_topups;
begin
    perform private.lock_wallet(v_org_id);
    if p_outcome = 'done' and (not private.claim_stripe_object('stripe_customer', v_customer, v_org_id)
                               or not private.claim_stripe_object('stripe_checkout_session', v_session_id, v_org_id)) then
        raise exception 'Stripe answered with % and %, of which one belongs to another organisation.', v_customer, v_session_id
            using errcode = 'XX000';
    elsif p_outcome = 'done' then
        update public.organizations o set stripe_customer_id = v_customer, updated_at = v_now
        where o.id = v_org_id and o.stripe_customer_id is null;
    end if;

    update public.wallet_topups t set
        status = case when t.status = 'credited' then t.status when p_outcome = 'done' then 'open' else 'failed' end,
        stripe_session_id = coalesce(v_session_id, t.stripe_session_id),
        url = coalesce(p_result ->> 'url', t.url),
        updated_at = v_now
    where t.org_id = v_org_id and t.id = (p_effect #>> '{payload,topup_id}')::uuid
    returning t.* into v_topup;

    if v_topup.origin = 'recharge' and v_topup.status = 'open' then
        perform private.email_admins(
            v_org_id, 'recharge_needs_owner',
            jsonb_build_object('amount', private.pounds(v_topup.amount_pence), 'url', v_topup.url),
            'recharge_needs_owner:' || v_topup.id);
    end if;
end
$$;

revoke execute on function private.checkout_created(jsonb, text, jsonb) from public, anon, authenticated, service_role;
