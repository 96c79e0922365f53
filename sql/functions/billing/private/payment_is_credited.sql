-- Whether a payment's money is in the ledger.
create or replace function private.payment_is_credited(p_org_id uuid, p_payment_intent text)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from public.credit_transactions t
        where t.org_id = p_org_id and t.stripe_payment_intent_id = p_payment_intent);
$$;

revoke execute on function private.payment_is_credited(uuid, text) from public, anon, authenticated, service_role;
