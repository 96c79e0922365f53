-- The step after the effect stripe.charge: what became of a charge of the saved card.
--
-- A charge under way is left to its event. One whose outcome is unknown (a dead letter) stays in flight, so nothing is
-- charged twice: its event settles it, or the operator, who replays it; Stripe is asked first what became of it. One
-- that was refused as a request charged nobody: that is ours to mend, and counts as no decline.
--
-- Locks: the wallet; the recharge; then what crediting locks.
create or replace function private.recharge_answered(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_recharge_id constant uuid := (p_effect #>> '{payload,recharge_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_status constant text := case when p_outcome = 'done' then p_result ->> 'status' else p_outcome end;
    v_payment_intent constant text := p_result ->> 'payment_intent';
    v_verdict private.webhook_verdict;
begin
    perform private.lock_wallet(v_org_id);
    if v_payment_intent is not null and not private.claim_stripe_object('stripe_payment_intent', v_payment_intent, v_org_id) then
        raise exception 'Stripe answered with %, which belongs to another organisation.', v_payment_intent using errcode = 'XX000';
    end if;

    if v_status = 'succeeded' then
        v_verdict := private.take_payment(
            v_org_id, v_payment_intent, p_result -> 'amount_received', p_result ->> 'currency',
            jsonb_build_object('recharge_id', v_recharge_id), null, v_now);
    elsif v_status in ('declined', 'requires_action') then
        perform private.recharge_failed(
            v_org_id, v_recharge_id, v_payment_intent,
            case v_status when 'declined' then 'declined' else 'needs_owner' end,
            coalesce(p_result ->> 'message', p_result ->> 'decline_code', p_result ->> 'code'), v_now);
    elsif v_status = 'processing' then
        update public.wallet_recharges r set stripe_payment_intent_id = v_payment_intent
        where r.org_id = v_org_id and r.id = v_recharge_id and r.status = 'pending';
    elsif v_status = 'refused' then
        perform private.recharge_failed(v_org_id, v_recharge_id, null, 'failed', p_effect ->> 'last_error', v_now);
    end if;

    if v_status in ('refused', 'dead') or v_verdict.status = 'failed' then
        perform private.alert(v_org_id, 'recharge_' || case v_status when 'refused' then 'refused' else 'unknown' end, format(
            'Recharge %s: %s. %s', v_recharge_id, rtrim(coalesce(v_verdict.problem, p_effect ->> 'last_error'), '.'),
            case when v_status = 'refused' then 'Nothing was charged.'
                 else 'Whether it was charged is unknown; it stays in flight, and nothing else is charged until it is settled.'
            end), v_now);
    end if;
end
$$;

revoke execute on function private.recharge_answered(jsonb, text, jsonb) from public, anon, authenticated, service_role;
