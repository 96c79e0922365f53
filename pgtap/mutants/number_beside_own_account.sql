-- An organisation with its own Twilio account is sold a managed number, too.
--
-- Caught by: pgtap/telephony/claim_direction.sql
select tests.patch('private.claim_direction', $old$perform private.fail('telephony_own_account');$old$, $new$null;$new$);
