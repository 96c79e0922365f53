-- The step after the effect vapi.poll_call: what the provider says of a call that went silent.
--
-- Ended without a start never connected and costs nothing; a start without an end leaves the length unknown. What is told of
-- a call that has ended makes its record, as its report would have. Still under way though it was told to end: it is told
-- again. An answer that does not come leaves everything as it is; the sweep asks again.
--
-- Locks: the wallet, the reservation, the call; then what private.record_report() locks.
--
-- Raises 404 call_not_found.
create or replace function private.call_polled(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call_id constant uuid := (p_effect #>> '{payload,call_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_started_at constant timestamptz := (p_result ->> 'started_at')::timestamptz;
    v_ended_at constant timestamptz := (p_result ->> 'ended_at')::timestamptz;
    v_reservation public.credit_reservations;
begin
    if p_outcome <> 'done' then
        return;
    end if;
    v_reservation := private.lock_call(v_call_id);
    if p_result ->> 'status' = 'ended' then
        perform private.commit_reserved_credits(
            v_call_id,
            case when v_started_at is null then 0
                 when v_ended_at is not null
                     then greatest(floor(extract(epoch from v_ended_at - v_started_at))::bigint, 0) end,
            'poll', v_ended_at, v_now);
        perform private.record_poll(v_reservation.org_id, v_call_id, p_result -> 'report', v_now);
    elsif p_result @> '{"status": "not_found"}' and v_reservation.settled_at is null then
        perform private.alert(v_reservation.org_id, 'call_unresolved', format(
            'The provider does not know the call %s: settle it by hand, or write it off.', v_call_id), v_now);
    elsif v_reservation.end_requested_at is not null and v_reservation.cap_released_at is null then
        perform private.order_hang_up(v_reservation.org_id, v_call_id, v_now);
    end if;
end
$$;

revoke execute on function private.call_polled(jsonb, text, jsonb) from public, anon, authenticated, service_role;
