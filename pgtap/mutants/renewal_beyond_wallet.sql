-- A renewal takes money that is not there.
--
-- Caught by: pgtap/billing/renew_call_reservation.sql pgtap/billing/eight_calls.sql
select tests.patch('private.extend_hold', $old$v_wallet.balance_pence - v_wallet.held_pence,$old$, $new$280,$new$);
