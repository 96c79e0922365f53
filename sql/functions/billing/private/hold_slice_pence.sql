-- How much is held for a call at a time: five minutes, at p_rate pence a minute.
create or replace function private.hold_slice_pence(p_rate integer)
returns bigint
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select 5::bigint * p_rate;
$$;

revoke execute on function private.hold_slice_pence(integer) from public, anon, authenticated, service_role;
