-- Makes an organisation whose wallet has seen everything once, and returns its id. Its ledger, in pence:
--
--  1 top-up 5,000 (payment pi_lived)   2 call 1 of 120 s: -112      3 call 2 of 60 s: -56     4 call 2 was 120 s: -56
--  5 a number: -1,000                  6 refund of the payment: -500
--  7 dispute dp_lived: -300            8 dispute won: +300
--
-- Call 3 is under way: 280 are held, its cap is 560. Calls are md5('call 1 <org>') and so on.
create or replace function tests.lived_in_wallet()
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := tests.org();
    v_pi constant text := 'pi_lived_' || left(v_org::text, 8);
    v_call uuid;
begin
    perform private.credit_payment(v_org, v_pi, 5000, '{}', null, now());
    for v_n in 1..3 loop
        v_call := md5(format('call %s %s', v_n, v_org))::uuid;
        perform private.reserve_call_credits(v_org, v_call);
        if v_n < 3 then
            perform private.commit_reserved_credits(v_call, 120 / v_n, 'status', now());
        end if;
    end loop;
    perform private.commit_reserved_credits(md5(format('call 2 %s', v_org))::uuid, 120, 'report', now());
    perform private.check_balance_and_deduct_asset_cost(v_org, 1000, 'managed_number', 'number:1');
    update private.stripe_payments p set refunded_seen_pence = 500 where p.org_id = v_org;
    perform private.settle_refunds(v_org, v_pi, v_pi, null, now());
    insert into private.stripe_disputes (
        org_id, dispute_id, stripe_payment_intent_id, amount_pence, status, withdrawn_at, reinstated_at)
    values (v_org, 'dp_lived', v_pi, 300, 'won', now(), now());
    perform private.settle_dispute(v_org, 'dp_lived', now());
    return v_org;
end
$$;
