-- How long p_pence lasts at p_rate pence a minute.
create or replace function private.paid_time(p_pence bigint, p_rate integer)
returns interval
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return make_interval(secs => p_pence * 60.0 / p_rate);
end
$$;

revoke execute on function private.paid_time(bigint, integer) from public, anon, authenticated, service_role;
