-- Premium numbers are called and verified like any other.
--
-- Caught by: pgtap/telephony/check_phone_number.sql
select tests.patch('private.check_phone_number', $old$perform private.fail('premium_number');$old$, $new$null;$new$);
