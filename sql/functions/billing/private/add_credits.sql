-- Puts money into a wallet, or takes it back out: a top-up, a refund, a bonus, an adjustment.
--
-- Top-ups and bonuses are positive. A refund is positive when we give back (a number that could not be had) and
-- negative when Stripe gave a payment back; adjustments go both ways. A payment intent is credited once, whatever key
-- it comes with.
--
-- Locks: the wallet; then what private.wallet_moved() locks.
--
-- Raises 422 invalid_transaction_type, 422 invalid_amount, 422 idempotency_key_reused, 404 organization_not_found.
create or replace function private.add_credits(
    p_org_id uuid, p_amount_pence bigint, p_type text, p_idempotency_key text, p_description text default null,
    p_stripe_payment_intent_id text default null, p_stripe_object_id text default null,
    p_now timestamptz default now()
)
returns public.credit_transactions
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_entry public.credit_transactions;
begin
    if p_type not in ('topup', 'refund', 'bonus', 'adjustment') or p_type is null then
        perform private.fail('invalid_transaction_type');
    end if;
    if p_amount_pence is null or p_amount_pence = 0 or p_amount_pence not between -100000000 and 100000000
       or (p_amount_pence < 0 and p_type in ('topup', 'bonus')) then
        perform private.fail('invalid_amount');
    end if;

    perform private.lock_wallet(p_org_id);
    if p_stripe_payment_intent_id is not null then
        select * into v_entry
        from public.credit_transactions t
        where t.org_id = p_org_id and t.stripe_payment_intent_id = p_stripe_payment_intent_id;
        if found then
            return v_entry;
        end if;
    end if;

    v_entry := private.post_entry(
        p_org_id => p_org_id, p_amount_pence => p_amount_pence, p_type => p_type, p_idempotency_key => p_idempotency_key,
        p_description => coalesce(p_description, case p_type
            when 'topup' then 'Top-up' when 'refund' then 'Refund' when 'bonus' then 'Bonus' else 'Adjustment' end),
        p_stripe_payment_intent_id => p_stripe_payment_intent_id, p_stripe_object_id => p_stripe_object_id, p_now => p_now);
    perform private.wallet_moved(p_org_id, p_now);
    return v_entry;
end
$$;

revoke execute on function private.add_credits(uuid, bigint, text, text, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.add_credits(uuid, bigint, text, text, text, text, text, timestamptz) to service_role;
