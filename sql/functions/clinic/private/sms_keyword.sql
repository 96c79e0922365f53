-- What a text message asks of us by itself: stop, start or help; NULL for any other. Only a message that is nothing but the word
-- counts, however it is written; where Twilio has seen one itself it says so.
create or replace function private.sms_keyword(p_text text, p_opt_out_type text default null)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case
        when upper(p_opt_out_type) in ('STOP', 'START', 'HELP') then lower(p_opt_out_type)
        when w.word in ('stop', 'stopall', 'unsubscribe', 'unsubscribeall', 'cancel', 'end', 'quit', 'optout', 'revoke', 'pleasestop',
                        'stopplease', 'stoptexting', 'stoptextingme', 'stopp', 'arret', 'arreter', 'arrêt', 'arrêter', 'alto', 'parar', 'basta') then 'stop'
        when w.word in ('start', 'yes', 'unstop', 'optin', 'resume', 'subscribe') then 'start'
        when w.word in ('help', 'info', 'hilfe', 'aide', 'ayuda') then 'help'
    end
    from (select regexp_replace(lower(p_text), '[[:space:][:punct:]]+', '', 'g')) as w (word);
$$;

revoke execute on function private.sms_keyword(text, text) from public, anon, authenticated, service_role;
