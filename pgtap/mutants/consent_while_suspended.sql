-- A suspended organisation connects a calendar.
--
-- Caught by: pgtap/telephony/take_oauth_code.sql
select tests.patch('private.take_oauth_code', $old$o.suspended_at is not null$old$, $new$false$new$);
