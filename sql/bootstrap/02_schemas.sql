-- The schemas and what may be done in them by default: nothing.
--
-- `public` is what Supabase exposes: tables, and the functions clients may call. `private` holds definer logic,
-- queues, secrets and directories. `extensions` keeps extensions out of both.
create schema if not exists private;
create schema if not exists extensions;

create extension if not exists pgcrypto with schema extensions;
create extension if not exists btree_gin with schema extensions;
create extension if not exists btree_gist with schema extensions;

comment on schema private is 'Definer logic, queues, secrets and directories; never exposed to clients.';

-- Supabase's defaults give its client roles everything on every new table, TRUNCATE (which ignores RLS) included.
alter default privileges in schema public revoke all on tables from public, anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from public, anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from public, anon, authenticated, service_role;
alter default privileges in schema private revoke all on tables from public, anon, authenticated, service_role;
alter default privileges in schema private revoke all on sequences from public, anon, authenticated, service_role;
alter default privileges in schema private revoke all on functions from public, anon, authenticated, service_role;
-- PUBLIC's right to execute is a database-wide default; revoking it schema by schema does nothing.
alter default privileges revoke execute on functions from public;

revoke create on schema public from public;
grant usage on schema public to anon, authenticated, service_role, voxanne_api, voxanne_worker;
-- Policies and computed fields call a few private functions in the caller's name; prepare, as a NOINHERIT login, needs it too.
grant usage on schema private to anon, authenticated, service_role, voxanne_api, voxanne_worker;
