-- Whatever somebody names a price for is for sale.
--
-- Caught by: pgtap/billing/check_balance_and_deduct_asset_cost.sql
select tests.patch('private.check_balance_and_deduct_asset_cost',
    $old$v_cost_pence := private.asset_price(p_asset_type, p_now);
    v_cost_pence := coalesce(p_cost_pence, v_cost_pence);$old$,
    $new$v_cost_pence := coalesce(p_cost_pence, private.asset_price(p_asset_type, p_now));$new$);
