-- What Stripe says of a dispute. Money moves when Stripe took it or gave it back, and then alone: an inquiry moves none.
--
-- Locks: the payment, the dispute; the caller holds the wallet.
create or replace function private.stripe_dispute_event(p_org_id uuid, p_type text, p_dispute jsonb, p_now timestamptz)
returns private.webhook_verdict
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_over constant text[] := array['won', 'lost', 'warning_closed', 'prevented'];
    v_id constant text := p_dispute ->> 'id';
    v_payment_intent constant text := private.stripe_payment_of(p_dispute);
    v_amount constant bigint := private.stripe_amount(p_dispute -> 'amount');
    v_moved boolean := false;
begin
    if p_dispute ->> 'currency' is distinct from 'gbp' or v_amount is null or v_payment_intent is null then
        return private.webhook_failed('It names no payment, or no amount in pounds.', p_org_id);
    end if;

    perform private.note_payment(p_org_id, v_payment_intent, private.stripe_id(p_dispute -> 'charge'), null, p_now);
    insert into private.stripe_disputes as d (
        org_id, dispute_id, stripe_payment_intent_id, amount_pence, status, reason, withdrawn_at, reinstated_at, created_at, updated_at)
    values (
        p_org_id, v_id, v_payment_intent, v_amount, coalesce(p_dispute ->> 'status', 'unknown'), p_dispute ->> 'reason',
        case when p_type = 'charge.dispute.funds_withdrawn' then p_now end,
        case when p_type = 'charge.dispute.funds_reinstated' then p_now end, p_now, p_now)
    on conflict (org_id, dispute_id) do update set
        status = case when d.status = any (c_over) then d.status else excluded.status end,
        withdrawn_at = coalesce(d.withdrawn_at, excluded.withdrawn_at),
        reinstated_at = coalesce(d.reinstated_at, excluded.reinstated_at),
        updated_at = excluded.updated_at;
    v_moved := private.settle_dispute(p_org_id, v_id, p_now);

    perform private.alert(p_org_id, replace(replace(p_type, 'charge.', ''), '.', '_'), format(
        'Dispute %s of %s (%s): %s, %s.', v_id, private.pounds(v_amount), p_dispute ->> 'reason',
        replace(p_type, 'charge.dispute.', ''), p_dispute ->> 'status'), p_now);
    return (
        p_org_id, case when p_type like '%.funds_%' and not v_moved then 'duplicate' else 'processed' end,
        null, false)::private.webhook_verdict;
end
$$;

revoke execute on function private.stripe_dispute_event(uuid, text, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
