-- What a caller hears whom nobody can take over: the agent's words for it where the rule says voicemail, else the offer to
-- take a message.
create or replace function private.instead_of_transfer(p_call public.calls, p_fallback text)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.one_line(coalesce(
        (select nullif(btrim(a.voicemail_message), '') from public.agents a
         where a.org_id = p_call.org_id and a.id = p_call.agent_id and p_fallback = 'voicemail'),
        private.say('nobody_free', private.language_of(p_call))), 500);
$$;

revoke execute on function private.instead_of_transfer(public.calls, text) from public, anon, authenticated, service_role;
