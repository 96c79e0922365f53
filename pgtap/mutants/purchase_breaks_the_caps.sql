-- A purchase takes what calls under way could still cost.
--
-- Caught by: pgtap/billing/check_balance_and_deduct_asset_cost.sql
select tests.patch('private.check_balance_and_deduct_asset_cost', $old$
          or v_wallet.balance_pence - v_cost_pence + v_wallet.debt_limit_pence < v_wallet.capped_pence$old$, $new$$new$);
