-- The verdict on an event that says a payment was made: its money is in the wallet now, or was before.
--
-- Only pounds are taken: what another currency is worth nobody here decides.
create or replace function private.take_payment(
    p_org_id uuid, p_payment_intent text, p_amount jsonb, p_currency text, p_metadata jsonb, p_session_id text,
    p_now timestamptz
)
returns private.webhook_verdict
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_amount constant bigint := private.stripe_amount(p_amount);
begin
    if p_currency is distinct from 'gbp' then
        return private.webhook_failed(format('It was paid in %s, and wallets hold pounds.', coalesce(p_currency, 'no currency')), p_org_id);
    elsif v_amount is null or v_amount = 0 then
        return private.webhook_failed('It names no amount.', p_org_id);
    end if;
    return (
        p_org_id,
        case when private.credit_payment(p_org_id, p_payment_intent, v_amount, p_metadata, p_session_id, p_now)
             then 'processed' else 'duplicate' end,
        null, false)::private.webhook_verdict;
end
$$;

revoke execute on function private.take_payment(uuid, text, jsonb, text, jsonb, text, timestamptz)
    from public, anon, authenticated, service_role;
