-- What is kept of a recording link's token. The token is random and long, so one round is enough.
create or replace function private.recording_token_hash(p_token text)
returns bytea
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select extensions.digest('recording:' || p_token, 'sha256');
$$;

revoke execute on function private.recording_token_hash(text) from public, anon, authenticated, service_role;
