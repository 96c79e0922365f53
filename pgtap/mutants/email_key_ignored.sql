-- An email asked for twice with one key is sent twice.
--
-- Caught by: pgtap/platform/send_email.sql
select tests.patch('private.send_email', $old$elsif v_email.status = 'queued' then$old$, $new$end if;
    if v_email.status = 'queued' then$new$);
