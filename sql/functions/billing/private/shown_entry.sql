-- A row of the ledger as people and programs are shown it.
create or replace function private.shown_entry(p_entry public.credit_transactions)
returns public.wallet_transaction
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select (
        p_entry.id, p_entry.seq, p_entry.type, private.entry_kind(p_entry), p_entry.amount_pence, p_entry.balance_before_pence,
        p_entry.balance_after_pence, p_entry.description, p_entry.call_id, p_entry.vapi_call_id,
        p_entry.stripe_payment_intent_id, p_entry.stripe_object_id, encode(p_entry.entry_hash, 'hex'),
        p_entry.created_at)::public.wallet_transaction;
$$;

revoke execute on function private.shown_entry(public.credit_transactions) from public, anon, authenticated, service_role;
grant execute on function private.shown_entry(public.credit_transactions) to authenticated, service_role;
