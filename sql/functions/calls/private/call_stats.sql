-- The counts of public.call_stats().
--
-- Raises what private.authorize() raises.
create or replace function private.call_stats(p_from timestamptz, p_to timestamptz)
returns public.call_stats
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.call_stats');
begin
    return private.summed_calls(
        v_caller.org_id,
        coalesce(private.quarter_of(p_from), '-infinity'),
        coalesce(private.quarter_of(p_to - interval '1 microsecond') + interval '15 minutes', 'infinity'));
end
$$;

revoke execute on function private.call_stats(timestamptz, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.call_stats(timestamptz, timestamptz) to authenticated;
