-- What a caller hears who is not let in.
create or replace function private.line_refusal(p_key text, p_language text)
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object('error', private.say(p_key, p_language, '{}'));
$$;

revoke execute on function private.line_refusal(text, text) from public, anon, authenticated, service_role;
