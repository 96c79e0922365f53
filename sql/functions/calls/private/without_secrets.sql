-- What Vapi sent, without the secrets in it: a message shows the number it is about with the Twilio token it was imported
-- with, and our own server with the header that proves who is asking.
create or replace function private.without_secrets(p_body bytea)
returns bytea
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return convert_to(regexp_replace(
        convert_from(p_body, 'UTF8'),
        '("(?:twilioAuthToken|twilioApiKey|twilioApiSecret|serverUrlSecret|x-vapi-secret|secret|apiKey|authToken|token)"\s*:\s*)"(?:[^"\\]|\\.)*"',
        '\1"[taken out]"', 'gi'), 'UTF8');
end
$$;

revoke execute on function private.without_secrets(bytea) from public, anon, authenticated, service_role;
