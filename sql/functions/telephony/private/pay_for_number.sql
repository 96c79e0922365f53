-- A number's price leaves the wallet before anything is bought. Locks: the wallet, then the number.
--
-- Raises 402 insufficient_balance, 402 wallet_suspended.
create or replace function private.pay_for_number(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_entry public.credit_transactions;
begin
    v_entry := private.check_balance_and_deduct_asset_cost(
        p_org_id => p_saga.org_id, p_cost_pence => null, p_asset_type => 'managed_number',
        p_idempotency_key => 'managed_number:' || p_saga.subject_id,
        p_description => format('Phone number (%s, %s)', p_saga.facts ->> 'country_code', p_saga.facts ->> 'routing_direction'),
        p_now => p_now);
    update public.managed_phone_numbers n set price_pence = -v_entry.amount_pence
    where n.org_id = p_saga.org_id and n.id = p_saga.subject_id;
    return '{}'::jsonb;
end
$$;

revoke execute on function private.pay_for_number(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
