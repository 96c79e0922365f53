-- A checkout is found whoever's it is.
--
-- Caught by: pgtap/billing/webhook_verification.sql
select tests.patch('private.webhook_verification_session', $old$t.org_id = v_caller.org_id and $old$, $new$$new$);
