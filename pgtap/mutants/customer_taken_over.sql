-- An organisation's customer gives way to the next one.
--
-- Caught by: pgtap/billing/stripe_customer_created.sql
select tests.patch('private.stripe_customer_created', $old$v_organization.stripe_customer_id <> v_id$old$, $new$false$new$);
