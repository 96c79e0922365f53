-- The quarter of an hour that a moment falls in. Every time zone's midnight falls on the beginning of one.
create or replace function private.quarter_of(p_at timestamptz)
returns timestamptz
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return date_bin('15 minutes', p_at, '2000-01-01 00:00:00+00');
end
$$;

revoke execute on function private.quarter_of(timestamptz) from public, anon, authenticated, service_role;
