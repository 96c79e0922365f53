-- Keeps what is known of a payment, whichever of its events came first, and answers it. The caller holds the wallet.
create or replace function private.note_payment(
    p_org_id uuid, p_payment_intent text, p_charge_id text, p_amount_pence bigint, p_now timestamptz)
returns private.stripe_payments
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into private.stripe_payments as p (
        org_id, stripe_payment_intent_id, charge_id, amount_pence, created_at, updated_at)
    values (p_org_id, p_payment_intent, p_charge_id, p_amount_pence, p_now, p_now)
    on conflict (org_id, stripe_payment_intent_id) do update set
        charge_id = coalesce(excluded.charge_id, p.charge_id),
        amount_pence = coalesce(excluded.amount_pence, p.amount_pence),
        updated_at = excluded.updated_at
    returning p.*;
$$;

revoke execute on function private.note_payment(uuid, text, text, bigint, timestamptz)
    from public, anon, authenticated, service_role;
