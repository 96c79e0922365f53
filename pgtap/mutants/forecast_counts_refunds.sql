-- Money that went back to the card counts as spent.
--
-- Caught by: pgtap/billing/wallet_forecast.sql
select tests.patch('private.wallet_forecast', $old$t.stripe_object_id is null and t.amount_pence > 0$old$, $new$true$new$);
