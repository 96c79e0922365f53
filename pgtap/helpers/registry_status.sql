-- The HTTP status the error registry gives a code, or NULL for a code it does not have.
create or replace function tests.registry_status(p_code text)
returns integer
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select e.status from private.error_registry e where e.code = p_code;
$$;
