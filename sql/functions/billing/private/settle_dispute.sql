-- Posts what a dispute took and gave back, each once, and answers whether anything moved.
--
-- What is given back was taken before, whichever is heard of first; and a payment that is not credited yet waits. A card
-- whose owner disputes a payment is not charged by itself any more.
-- Locks: those of private.add_credits(); the caller holds the wallet.
create or replace function private.settle_dispute(p_org_id uuid, p_dispute_id text, p_now timestamptz)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_dispute private.stripe_disputes;
    v_move record;
    v_moved boolean := false;
begin
    select * into strict v_dispute from private.stripe_disputes d where d.org_id = p_org_id and d.dispute_id = p_dispute_id;
    if v_dispute.withdrawn_at is null or v_dispute.amount_pence = 0
       or not private.payment_is_credited(p_org_id, v_dispute.stripe_payment_intent_id) then
        return false;
    end if;

    for v_move in
        select m.* from (values
            (1, 'dispute_withdrawn:' || p_dispute_id, -v_dispute.amount_pence, 'Disputed payment', v_dispute.withdrawn_at),
            (2, 'dispute_reinstated:' || p_dispute_id, v_dispute.amount_pence, 'Dispute won', v_dispute.reinstated_at)
        ) as m (n, key, amount_pence, description, at)
        where m.at is not null
          and not exists (select from public.credit_transactions t where t.org_id = p_org_id and t.idempotency_key = m.key)
        order by m.n
    loop
        if v_move.amount_pence < 0 then
            perform private.stop_recharge(p_org_id, 'recharge_disputed', 'recharge_disputed:' || p_dispute_id);
        end if;
        perform private.add_credits(
            p_org_id => p_org_id, p_amount_pence => v_move.amount_pence, p_type => 'adjustment',
            p_idempotency_key => v_move.key, p_description => v_move.description, p_stripe_object_id => p_dispute_id,
            p_now => p_now);
        v_moved := true;
    end loop;
    return v_moved;
end
$$;

revoke execute on function private.settle_dispute(uuid, text, timestamptz) from public, anon, authenticated, service_role;
