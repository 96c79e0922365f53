-- Whether this database's `auth` schema is our own, so that signing in is ours to answer.
--
-- On Supabase its accounts belong to Supabase Auth, and a password checked here would be a second way in beside it.
create or replace function private.sign_in_is_local()
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select to_regrole('supabase_auth_admin') is null
       and exists (select from pg_catalog.pg_namespace n where n.nspname = 'auth' and pg_has_role(n.nspowner, 'usage'));
$$;

revoke execute on function private.sign_in_is_local() from public, anon, authenticated, service_role;
grant execute on function private.sign_in_is_local() to service_role;
