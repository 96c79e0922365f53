-- What goes back is what a number costs by then, not what was paid.
--
-- Caught by: pgtap/telephony/refund_number.sql
select tests.patch('private.refund_number', $old$p_amount_pence => v_number.price_pence$old$, $new$p_amount_pence => private.asset_price('managed_number', p_now)$new$);
