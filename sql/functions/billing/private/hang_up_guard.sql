-- How long before the paid time ends the order to hang up leaves, so that the hang-up lands in time.
create or replace function private.hang_up_guard()
returns interval
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select interval '3 seconds';
$$;

revoke execute on function private.hang_up_guard() from public, anon, authenticated, service_role;
