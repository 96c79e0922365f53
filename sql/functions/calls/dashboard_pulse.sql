-- How an organisation does: today, or in the last 7 or 30 days, today among them, in the clinic's zone.
--
-- An average of nothing is null; without a call from outside the success rate, booked inbound by inbound, is 0.
--
-- Raises 422 invalid_value, and what private.authorize() raises.
create or replace function public.dashboard_pulse(p_period text default 'today', p_now timestamptz default now())
returns public.dashboard_pulse
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.dashboard_pulse(p_period, p_now);
$$;

revoke execute on function public.dashboard_pulse(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.dashboard_pulse(text, timestamptz) to authenticated;
