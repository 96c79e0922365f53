-- Whether this is the name of a time zone, as in the tz database: 'Europe/London', 'UTC'.
--
-- Asked of Postgres's conversion rather than of pg_timezone_names, which reads hundreds of files; the pattern keeps out the
-- POSIX forms that the conversion would take for any three letters.
create or replace function private.is_time_zone(p_name text)
returns boolean
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_name is null or p_name !~ '^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z][A-Za-z0-9_+-]*){1,2})$' then
        return false;
    end if;
    perform now() at time zone p_name;
    return true;
exception when invalid_parameter_value then
    return false;
end
$$;

revoke execute on function private.is_time_zone(text) from public, anon, authenticated, service_role;
