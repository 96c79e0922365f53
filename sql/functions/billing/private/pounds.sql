-- Pence as people read them: 1234 is £12.34.
create or replace function private.pounds(p_pence bigint)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case when p_pence < 0 then '-' else '' end || '£' || (abs(p_pence) / 100)::text
           || '.' || lpad((abs(p_pence) % 100)::text, 2, '0');
$$;

revoke execute on function private.pounds(bigint) from public, anon, authenticated, service_role;
