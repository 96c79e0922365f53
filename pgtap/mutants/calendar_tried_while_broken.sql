-- A dead token is tried for ever.
--
-- Caught by: pgtap/telephony/oauth_checked.sql
select tests.patch('private.check_calendars', $old$c.is_active and $old$, $new$$new$);
