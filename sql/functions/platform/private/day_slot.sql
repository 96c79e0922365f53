-- Which of p_slots daily partitions a moment belongs to: the number of its UTC day, modulo the number of slots.
create or replace function private.day_slot(p_at timestamptz, p_slots integer)
returns smallint
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return (((p_at at time zone 'UTC')::date - date '2000-01-01') % p_slots)::smallint;
end
$$;

revoke execute on function private.day_slot(timestamptz, integer) from public, anon, authenticated, service_role;
