-- The link of a ledger row in its chain: SHA-256 over the previous row's hash and the row's money columns as a JSON array.
--
-- The array is the text of a jsonb: ["org", seq, "type", …], a space after each comma, null for what is absent, time as
-- epoch microseconds; any language can make it. The description and Vapi's id stay outside, because erasing a person
-- may touch them. The first row's previous hash is empty.
create or replace function private.entry_hash(p_previous bytea, p_entry public.credit_transactions)
returns bytea
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select sha256(coalesce(p_previous, ''::bytea) || convert_to(jsonb_build_array(
        p_entry.org_id, p_entry.seq, p_entry.type, p_entry.amount_pence, p_entry.balance_before_pence,
        p_entry.balance_after_pence, p_entry.stripe_payment_intent_id, p_entry.stripe_object_id, p_entry.call_id,
        p_entry.idempotency_key, (extract(epoch from p_entry.created_at) * 1000000)::bigint)::text, 'UTF8'));
$$;

revoke execute on function private.entry_hash(bytea, public.credit_transactions)
    from public, anon, authenticated, service_role;
grant execute on function private.entry_hash(bytea, public.credit_transactions) to service_role;
