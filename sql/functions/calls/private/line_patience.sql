-- How long somebody on the telephone line waits for us at the most: Vapi gives up after seven and a half seconds.
create or replace function private.line_patience()
returns interval
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select interval '8 seconds';
$$;

revoke execute on function private.line_patience() from public, anon, authenticated, service_role;
