-- The work of public.call_funnel().
--
-- Raises 422 invalid_value, and what private.authorize() raises.
create or replace function private.call_funnel(p_period text, p_now timestamptz)
returns public.call_funnel
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.call_funnel');
    v_time constant tstzrange := private.pulse_period(v_caller.org_id, p_period, p_now);
    v_funnel public.call_funnel;
begin
    select p_period, lower(v_time), upper(v_time), coalesce(sum(q.calls), 0)::bigint, coalesce(sum(q.connected), 0)::bigint,
           coalesce(sum(q.engaged), 0)::bigint, coalesce(sum(q.booked), 0)::bigint
    into v_funnel
    from private.counted_calls(v_caller.org_id, lower(v_time), upper(v_time)) q;
    return v_funnel;
end
$$;

revoke execute on function private.call_funnel(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.call_funnel(text, timestamptz) to authenticated;
