-- The clinic is told of a low balance with every call.
--
-- Caught by: pgtap/billing/tell_low_balance.sql
select tests.patch('private.tell_low_balance', $old$    if p_wallet.low_balance_told_at is not null then
        return;
    end if;
$old$, $new$$new$);
select tests.patch('private.tell_low_balance',
    $old$or (p_wallet.balance_pence < p_wallet.low_balance_alert_pence) = (p_wallet.low_balance_told_at is not null)$old$,
    $new$or p_wallet.balance_pence >= p_wallet.low_balance_alert_pence$new$);
