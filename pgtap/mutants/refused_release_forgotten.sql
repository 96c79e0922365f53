-- A provider that refuses to let go of something is believed to have done it.
--
-- Caught by: pgtap/telephony/disconnect_twilio.sql
select tests.patch('private.saga_answered', $old$ or coalesce(p_result ? 'refused', false)$old$, $new$$new$);
