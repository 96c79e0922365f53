-- A moment as a field of a CSV file: in UTC, to the second.
create or replace function private.csv_time(p_at timestamptz)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
$$;

revoke execute on function private.csv_time(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.csv_time(timestamptz) to authenticated, service_role;
