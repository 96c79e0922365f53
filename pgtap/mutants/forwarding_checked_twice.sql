-- A phone is called again while it is being checked.
--
-- Caught by: pgtap/telephony/check_forwarding.sql
select tests.patch('private.check_forwarding', $old$.id is not null$old$, $new$.id is null and false$new$);
