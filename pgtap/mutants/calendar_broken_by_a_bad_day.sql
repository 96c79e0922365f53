-- A provider that does not answer breaks the calendar.
--
-- Caught by: pgtap/telephony/oauth_checked.sql
select tests.patch('private.oauth_checked', $old$if p_outcome <> 'done' then
        return;$old$, $new$if p_outcome <> 'done' then
        perform private.calendar_broken(v_org_id, v_credential_id, v_now);$new$);
