-- The report of a call that has ended: settles it, then makes its record.
--
-- Locks: the wallet, the reservation, the call; then what private.record_report() locks.
create or replace function private.call_reported(
    p_call public.calls, p_message jsonb, p_body_hash bytea, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation constant public.credit_reservations := private.hold_of_call(p_call);
    v_seconds constant bigint := private.reported_seconds(p_message);
    v_started_at constant timestamptz := private.vapi_time(p_message -> 'startedAt');
    v_ended_at constant timestamptz :=
        coalesce(private.vapi_time(p_message -> 'endedAt'), private.vapi_time(p_message -> 'timestamp'));
    v_call public.calls;
begin
    if v_reservation.id is null then
        perform private.deduct_call_credits(
            p_call.org_id, p_call.id, p_call.vapi_call_id, v_seconds, 'report', v_ended_at, p_now);
    else
        perform private.commit_reserved_credits(p_call.id, v_seconds, 'report', v_ended_at, p_now);
    end if;
    if v_seconds is null then
        perform private.start_call_clock(p_call.id, v_started_at, p_now);
    end if;

    select * into strict v_call
    from public.calls c
    where c.org_id = p_call.org_id and c.id = p_call.id
    for no key update;
    perform private.record_report(v_call, p_message, 'report', p_body_hash, p_now);
    if v_call.ended_at is null then
        perform private.emit_event(p_call.org_id, 'call.ended', jsonb_build_object(
            'call_id', p_call.id, 'ended_reason', private.vapi_text(p_message, '{endedReason}', 200)));
    end if;
end
$$;

revoke execute on function private.call_reported(public.calls, jsonb, bytea, timestamptz)
    from public, anon, authenticated, service_role;
