-- What one call adds to the counts that a dashboard shows.
--
-- It was connected when its clock started, engaged when it then lasted for half a minute or the agent did something for the
-- caller. Whoever booked was both, whatever else is missing: a funnel never widens.
--
-- In plpgsql, which keeps the plan: somebody is on the line.
create or replace function private.count_of_call(p_call public.calls)
returns private.call_count
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        1,
        (p_call.status = 'completed')::integer,
        (p_call.booking_confirmed or p_call.started_at is not null or coalesce(p_call.duration_seconds > 0, false))::integer,
        (p_call.booking_confirmed or (
            (p_call.started_at is not null or coalesce(p_call.duration_seconds > 0, false))
            and (coalesce(p_call.duration_seconds >= 30, false) or p_call.tools_used <> '{}')))::integer,
        p_call.booking_confirmed::integer,
        coalesce(p_call.duration_seconds, 0),
        (p_call.duration_seconds is not null)::integer,
        coalesce(p_call.sentiment_score, 0),
        (p_call.sentiment_score is not null)::integer,
        p_call.financial_value_pence
    )::private.call_count;
end
$$;

revoke execute on function private.count_of_call(public.calls) from public, anon, authenticated, service_role;
