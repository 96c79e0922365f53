-- What a call costs: by the second, rounded up to a whole penny once, at p_rate pence a minute.
create or replace function private.charge_pence(p_seconds bigint, p_rate integer)
returns bigint
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select (p_seconds * p_rate + 59) / 60;
$$;

revoke execute on function private.charge_pence(bigint, integer) from public, anon, authenticated, service_role;
grant execute on function private.charge_pence(bigint, integer) to service_role;
