-- An organisation's calls by the day or the hour of the clinic's zone, the oldest first, those without a call as well: today,
-- or in the last 7 or 30 days, today among them.
--
-- A day on which clocks change has its 23 or 25 hours, each a point of its own.
--
-- Raises 422 invalid_value, and what private.authorize() raises.
create or replace function public.call_series(
    p_period text default '7d', p_interval text default 'day', p_now timestamptz default now()
)
returns setof public.call_series_point
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.call_series(p_period, p_interval, p_now);
$$;

revoke execute on function public.call_series(text, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.call_series(text, text, timestamptz) to authenticated;
