-- Buys something from the wallet, a managed number say: checks and deducts under one lock.
--
-- What is bought stands in public.asset_prices; without p_cost_pence it costs what is said there. The money must be there
-- beside what is held for calls, and what stays must still cover, with the debt limit, the most that calls under way
-- could cost: a purchase never makes `available` negative, nor breaks the promise the caps give. The same key again
-- answers the first purchase; one that named no cost, whatever the price is by now.
--
-- Locks: the wallet; then what private.wallet_moved() locks.
--
-- Raises 402 insufficient_balance, 402 wallet_suspended, 422 invalid_amount, 422 unknown_asset_type,
-- 422 idempotency_key_reused, 404 organization_not_found.
create or replace function private.check_balance_and_deduct_asset_cost(
    p_org_id uuid, p_cost_pence bigint, p_asset_type text, p_idempotency_key text, p_description text default null,
    p_now timestamptz default now()
)
returns public.credit_transactions
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_cost_pence bigint;
    v_wallet public.credit_wallets;
    v_entry public.credit_transactions;
begin
    v_cost_pence := private.asset_price(p_asset_type, p_now);
    v_cost_pence := coalesce(p_cost_pence, v_cost_pence);
    if v_cost_pence <= 0 or v_cost_pence > 100000000 then
        perform private.fail('invalid_amount');
    end if;

    v_wallet := private.lock_wallet(p_org_id);
    select * into v_entry
    from public.credit_transactions t
    where t.org_id = p_org_id and t.idempotency_key = p_idempotency_key;
    if found then
        if p_cost_pence is null and v_entry.type = 'deduction' then
            return v_entry;
        end if;
    elsif v_wallet.status <> 'active' then
        perform private.fail('wallet_suspended');
    elsif v_wallet.balance_pence - v_wallet.held_pence < v_cost_pence
          or v_wallet.balance_pence - v_cost_pence + v_wallet.debt_limit_pence < v_wallet.capped_pence then
        perform private.fail('insufficient_balance', jsonb_build_object(
            'cost_pence', v_cost_pence, 'available_pence', v_wallet.balance_pence - v_wallet.held_pence));
    end if;

    v_entry := private.post_entry(
        p_org_id => p_org_id, p_amount_pence => -v_cost_pence, p_type => 'deduction',
        p_idempotency_key => p_idempotency_key,
        p_description => coalesce(p_description, initcap(replace(p_asset_type, '_', ' '))), p_now => p_now);
    perform private.wallet_moved(p_org_id, p_now);
    return v_entry;
end
$$;

revoke execute on function private.check_balance_and_deduct_asset_cost(uuid, bigint, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.check_balance_and_deduct_asset_cost(uuid, bigint, text, text, text, timestamptz)
    to service_role;
