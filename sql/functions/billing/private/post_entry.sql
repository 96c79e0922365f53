-- Writes one row of the ledger and moves the balance with it; nothing else does either.
--
-- A key that is there already answers its row and moves nothing. The row's time is p_now, or the last row's if that is
-- later: transactions take the wallet in another order than they began, and the ledger's time never goes back. What
-- calls cost in the month of Europe/London is kept beside the balance.
--
-- Locks: none of its own; the caller holds the wallet.
--
-- Raises 422 idempotency_key_reused when the key stands for another amount or type.
create or replace function private.post_entry(
    p_org_id uuid, p_amount_pence bigint, p_type text, p_idempotency_key text, p_description text,
    p_stripe_payment_intent_id text default null, p_stripe_object_id text default null, p_call_id uuid default null,
    p_vapi_call_id text default null, p_now timestamptz default now()
)
returns public.credit_transactions
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wallet public.credit_wallets;
    v_entry public.credit_transactions;
    v_month date;
begin
    select * into v_entry
    from public.credit_transactions t
    where t.org_id = p_org_id and t.idempotency_key = p_idempotency_key;
    if found then
        if v_entry.amount_pence <> p_amount_pence or v_entry.type <> p_type then
            perform private.fail('idempotency_key_reused');
        end if;
        return v_entry;
    end if;

    select * into strict v_wallet from public.credit_wallets w where w.org_id = p_org_id;
    v_entry := row(
        p_org_id, gen_random_uuid(), v_wallet.entry_count + 1, p_amount_pence, p_type, p_description,
        p_stripe_payment_intent_id, p_stripe_object_id, p_call_id, p_vapi_call_id, p_idempotency_key,
        v_wallet.balance_pence, v_wallet.balance_pence + p_amount_pence, null,
        greatest(p_now, v_wallet.last_entry_at))::public.credit_transactions;
    v_entry.entry_hash := private.entry_hash(v_wallet.last_entry_hash, v_entry);
    insert into public.credit_transactions select (v_entry).*;

    v_month := private.london_month(v_entry.created_at);
    update public.credit_wallets w set
        balance_pence = v_entry.balance_after_pence,
        entry_count = v_entry.seq,
        last_entry_hash = v_entry.entry_hash,
        last_entry_at = v_entry.created_at,
        spent_month = v_month,
        spent_pence = case when w.spent_month = v_month then w.spent_pence else 0 end
                      - case when p_call_id is null then 0 else p_amount_pence end,
        updated_at = v_entry.created_at
    where w.org_id = p_org_id;
    perform private.emit_event(p_org_id, 'wallet.changed', jsonb_build_object(
        'balance_pence', v_entry.balance_after_pence, 'amount_pence', p_amount_pence, 'type', p_type, 'seq', v_entry.seq));
    return v_entry;
end
$$;

revoke execute on function private.post_entry(uuid, bigint, text, text, text, text, text, uuid, text, timestamptz)
    from public, anon, authenticated, service_role;
