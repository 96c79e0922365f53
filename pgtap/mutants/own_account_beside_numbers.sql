-- An own account is connected beside managed numbers.
--
-- Caught by: pgtap/telephony/list_integrations.sql
select tests.patch('private.claim_own_account', $old$n.status in ('provisioning', 'active')$old$, $new$false$new$);
