-- A revocation that waits is carried out after a new consent, and ends it.
--
-- Caught by: pgtap/telephony/take_oauth_code.sql
select tests.patch('private.take_oauth_code', $old$private.cancel_effect(e.id, p_now) from$old$, $new$e.id from$new$);
