-- What Stripe says of a payment: it succeeded, which credits it and may save its card, or it failed.
--
-- A failure matters where we charged a saved card; on a checkout's page the person there tries again.
-- Locks: the recharge, the top-up; the caller holds the wallet.
create or replace function private.stripe_payment_event(p_org_id uuid, p_type text, p_intent jsonb, p_now timestamptz)
returns private.webhook_verdict
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_problem constant jsonb := p_intent -> 'last_payment_error';
    v_verdict private.webhook_verdict;
begin
    if p_type = 'payment_intent.payment_failed' then
        perform private.recharge_failed(
            p_org_id, private.uuid_or_null(p_intent #>> '{metadata,recharge_id}'), p_intent ->> 'id',
            case when 'authentication_required' in (v_problem ->> 'code', v_problem ->> 'decline_code')
                 then 'needs_owner' else 'declined' end,
            coalesce(v_problem ->> 'message', v_problem ->> 'code'), p_now);
        return (p_org_id, 'processed', null, false)::private.webhook_verdict;
    end if;

    if p_intent ->> 'currency' = 'gbp' then
        perform private.save_card(p_org_id, p_intent, p_now);
    end if;
    v_verdict := private.take_payment(
        p_org_id, p_intent ->> 'id', p_intent -> 'amount_received', p_intent ->> 'currency', p_intent -> 'metadata', null, p_now);
    perform private.consider_recharge(p_org_id, p_now);
    return v_verdict;
end
$$;

revoke execute on function private.stripe_payment_event(uuid, text, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
