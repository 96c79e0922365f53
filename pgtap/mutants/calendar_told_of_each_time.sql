-- The admins hear of a breakage each time somebody finds it.
--
-- Caught by: pgtap/telephony/oauth_checked.sql
select tests.patch('private.calendar_broken', $old$ and c.is_active
    returning$old$, $new$
    returning$new$);
select tests.patch('private.calendar_broken', $old$'calendar_broken:' || p_credential_id$old$, $new$'calendar_broken:' || gen_random_uuid()$new$);
