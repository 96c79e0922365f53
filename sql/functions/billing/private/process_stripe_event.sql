-- Makes of one of Stripe's events what it means, and answers what that was: processed, duplicate (the money it speaks of
-- had moved before), or failed, with the reason and whether trying again may help.
--
-- Every event may come twice, late, and before those it follows from; each has the same end in any order. A failed one
-- moved no money. The organisation comes from the directory, money and currency from Stripe's object; metadata only
-- confirms. A payment of ours is in the directory from the first event that names it.
--
-- Locks: the wallet, before the directory, which others who hold it write too; then what the movement locks.
create or replace function private.process_stripe_event(p_event jsonb, p_now timestamptz default now())
returns private.webhook_verdict
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type constant text := coalesce(p_event ->> 'type', '');
    v_object constant jsonb := p_event #> '{data,object}';
    v_payment_intent constant text := private.stripe_payment_of(v_object);
    v_verdict private.webhook_verdict := private.stripe_event_org(v_object);
begin
    if v_type = 'customer.created' then
        v_verdict := private.stripe_customer_created(v_object, p_now);
    elsif v_type !~ '^(checkout\.session\.(completed|async_payment_succeeded|async_payment_failed|expired)'
                    '|customer\.deleted|payment_intent\.(succeeded|payment_failed)|charge\.(succeeded|refunded)|refund\.failed'
                    '|charge\.dispute\.(created|funds_withdrawn|funds_reinstated|closed))$' then
        v_verdict := (v_verdict.org_id, 'processed', null, false);
    elsif v_verdict.status <> 'failed' then
        perform private.lock_wallet(v_verdict.org_id);
        v_verdict := case
            when v_payment_intent is not null
                 and not private.claim_stripe_object('stripe_payment_intent', v_payment_intent, v_verdict.org_id)
                then private.webhook_failed('Its payment belongs to another organisation.', v_verdict.org_id)
            when v_type = 'customer.deleted'
                then private.stripe_customer_deleted(v_verdict.org_id, v_object ->> 'id', p_now)
            when v_type like 'checkout.session.%' then private.stripe_checkout_event(v_verdict.org_id, v_type, v_object, p_now)
            when v_type like 'payment_intent.%' then private.stripe_payment_event(v_verdict.org_id, v_type, v_object, p_now)
            when v_type like 'charge.dispute.%' then private.stripe_dispute_event(v_verdict.org_id, v_type, v_object, p_now)
            when v_type = 'refund.failed' then private.stripe_refund_failed(v_verdict.org_id, v_object, p_now)
            else private.stripe_charge_event(v_verdict.org_id, v_type, v_object, p_now)
        end;
    end if;

    perform private.note_stripe_event(p_event, v_verdict, p_now);
    return v_verdict;
end
$$;

revoke execute on function private.process_stripe_event(jsonb, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.process_stripe_event(jsonb, timestamptz) to service_role;
