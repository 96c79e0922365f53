-- What a row of the ledger is about: topup, call, purchase, refund, bonus or adjustment.
--
-- The ledger's type says how money moved, the kind what for: what corrects a call belongs to calls, what is given back
-- for something bought belongs to purchases. A refund is what went back to the card, by a refund or a dispute, or came
-- back from there.
create or replace function private.entry_kind(p_entry public.credit_transactions)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_entry.type in ('topup', 'bonus') then p_entry.type
        when p_entry.call_id is not null then 'call'
        when p_entry.type = 'deduction' then 'purchase'
        when p_entry.stripe_object_id is not null then 'refund'
        when p_entry.type = 'refund' and p_entry.amount_pence > 0 then 'purchase'
        else p_entry.type
    end;
$$;

revoke execute on function private.entry_kind(public.credit_transactions) from public, anon, authenticated, service_role;
grant execute on function private.entry_kind(public.credit_transactions) to authenticated, service_role;
