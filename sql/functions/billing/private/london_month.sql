-- The month that money is counted in: the calendar month of Europe/London that p_at lies in, by its first day.
create or replace function private.london_month(p_at timestamptz)
returns date
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select date_trunc('month', p_at at time zone 'Europe/London')::date;
$$;

revoke execute on function private.london_month(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.london_month(timestamptz) to authenticated, service_role;
