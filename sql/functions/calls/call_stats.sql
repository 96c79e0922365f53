-- Calls of the caller's organisation in numbers: within a time, or since ever.
--
-- Counted by quarters of an hour: p_from is taken as the beginning of its quarter, p_to as the end of its own. live_calls is
-- how many are under way now, whatever the time asked for. An average of nothing is null; without a call from outside
-- the success rate, booked inbound by inbound, is 0.
--
-- Raises what private.authorize() raises.
create or replace function public.call_stats(p_from timestamptz default null, p_to timestamptz default null)
returns public.call_stats
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.call_stats');
    v_stats public.call_stats := private.call_stats(p_from, p_to);
begin
    v_stats.live_calls := (
        select count(*) from public.calls c where c.org_id = v_caller.org_id and c.status = 'in_progress');
    return v_stats;
end
$$;

revoke execute on function public.call_stats(timestamptz, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.call_stats(timestamptz, timestamptz) to authenticated;
