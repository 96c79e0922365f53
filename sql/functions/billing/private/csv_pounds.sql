-- Pence as pounds for a spreadsheet to count with: -1234 is -12.34, without a sign of the currency.
create or replace function private.csv_pounds(p_pence bigint)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select (p_pence * 0.01)::numeric(30, 2)::text;
$$;

revoke execute on function private.csv_pounds(bigint) from public, anon, authenticated, service_role;
grant execute on function private.csv_pounds(bigint) to authenticated, service_role;
