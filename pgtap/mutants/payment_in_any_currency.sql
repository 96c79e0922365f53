-- Dollars are credited as if they were pounds.
--
-- Caught by: pgtap/billing/process_stripe_event.sql
select tests.patch('private.take_payment', $old$p_currency is distinct from 'gbp'$old$, $new$false$new$);
