-- Which day since 1970 a moment falls on, in UTC: the days by which calls_words_idx groups calls.
create or replace function private.day_number(p_at timestamptz)
returns integer
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select floor(extract(epoch from p_at at time zone 'UTC') / 86400)::integer;
$$;

revoke execute on function private.day_number(timestamptz) from public, anon, authenticated, service_role;
