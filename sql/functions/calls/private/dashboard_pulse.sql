-- The work of public.dashboard_pulse().
--
-- Raises 422 invalid_value, and what private.authorize() raises.
create or replace function private.dashboard_pulse(p_period text, p_now timestamptz)
returns public.dashboard_pulse
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.dashboard_pulse');
    v_time constant tstzrange := private.pulse_period(v_caller.org_id, p_period, p_now);
    v_sum constant public.call_stats := private.summed_calls(v_caller.org_id, lower(v_time), upper(v_time));
begin
    return (p_period, lower(v_time), upper(v_time), v_sum.total_calls, v_sum.appointments_booked, v_sum.avg_sentiment,
            v_sum.avg_duration_seconds, v_sum.success_rate, v_sum.pipeline_value_pence)::public.dashboard_pulse;
end
$$;

revoke execute on function private.dashboard_pulse(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.dashboard_pulse(text, timestamptz) to authenticated;
