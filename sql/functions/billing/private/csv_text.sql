-- A text as a field of a CSV file (RFC 4180), nothing where there is none.
--
-- Whatever a spreadsheet would run as a formula begins with an apostrophe. Numbers do not go through here and stay numbers.
create or replace function private.csv_text(p_text text)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case when g.text ~ '[",\r\n]' then '"' || replace(g.text, '"', '""') || '"' else g.text end
    from (select case when p_text ~ '^[-=+@\t\r\n]' then '''' else '' end || coalesce(p_text, '') as text) as g;
$$;

revoke execute on function private.csv_text(text) from public, anon, authenticated, service_role;
grant execute on function private.csv_text(text) to authenticated, service_role;
