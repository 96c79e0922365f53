-- Of an organisation's calls, how many were connected, of those how many stayed to talk, of those how many booked: today,
-- or in the last 7 or 30 days, today among them, in the clinic's zone.
--
-- Raises 422 invalid_value, and what private.authorize() raises.
create or replace function public.call_funnel(p_period text default '30d', p_now timestamptz default now())
returns public.call_funnel
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.call_funnel(p_period, p_now);
$$;

revoke execute on function public.call_funnel(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.call_funnel(text, timestamptz) to authenticated;
