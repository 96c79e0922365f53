-- Past the debt limit a call is not charged.
--
-- Caught by: pgtap/billing/debt.sql pgtap/billing/deduct_call_credits.sql
select tests.patch('private.settle_call',
    $old$if v_posted_pence <> 0 then$old$,
    $new$if v_posted_pence <> 0 and v_posted_pence <= (
        select w.balance_pence + w.debt_limit_pence from public.credit_wallets w
        where w.org_id = p_reservation.org_id) then$new$);
