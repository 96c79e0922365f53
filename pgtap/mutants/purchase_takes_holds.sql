-- A purchase takes what is held for calls.
--
-- Caught by: pgtap/billing/check_balance_and_deduct_asset_cost.sql
select tests.patch('private.check_balance_and_deduct_asset_cost',
    $old$elsif v_wallet.balance_pence - v_wallet.held_pence < v_cost_pence$old$,
    $new$elsif v_wallet.balance_pence < v_cost_pence$new$);
