-- The admins hear of the first breakage and of no later one.
--
-- Caught by: pgtap/telephony/oauth_checked.sql
select tests.patch('private.calendar_broken', $old$'calendar_broken:' || p_credential_id$old$, $new$'calendar_broken'$new$);
