-- The schema of the test helpers: in test databases only, never in a migration.
--
-- A test changes role in mid-file, so every client role may call every helper. Helpers that read or write what the
-- client may not are definer functions; those that change role or call pgTAP cannot be (`set role` is forbidden inside a
-- definer function, pgTAP's own functions call each other by bare name), and keep the session's search_path.
create schema if not exists tests;
alter default privileges in schema tests grant execute on functions to public;
grant usage on schema tests to anon, authenticated, service_role;
