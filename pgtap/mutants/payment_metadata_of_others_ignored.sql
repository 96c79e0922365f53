-- Nobody notices that a payment's metadata names another organisation.
--
-- Caught by: pgtap/billing/process_stripe_event.sql pgtap/billing/stripe_webhook_failed.sql
select tests.patch('private.stripe_event_org', $old$p_object #>> '{metadata,org_id}' <> v_orgs[1]::text$old$, $new$false$new$);
