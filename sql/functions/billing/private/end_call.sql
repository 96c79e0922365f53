-- Orders a call to be ended, once. It counts as under way until the provider says otherwise.
--
-- p_due_at is when the order should have left at the latest: how late it was shows in private.billing_metrics. Locks:
-- none of its own; the caller holds the wallet and the reservation.
create or replace function private.end_call(
    p_reservation public.credit_reservations, p_reason text, p_due_at timestamptz, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.credit_reservations r
    set end_requested_at = p_now, end_reason = p_reason, end_due_at = p_due_at,
        next_poll_at = p_now + interval '30 seconds'
    where r.org_id = p_reservation.org_id and r.id = p_reservation.id
      and r.end_requested_at is null and r.cap_released_at is null;
    if not found then
        return;
    end if;
    perform private.order_hang_up(p_reservation.org_id, p_reservation.call_id, p_now);
    perform private.emit_event(p_reservation.org_id, 'call.ended_for_money', jsonb_build_object(
        'call_id', p_reservation.call_id, 'reason', p_reason));
    perform private.alert(
        p_reservation.org_id, 'kill_switch', format('A call was ended: %s (%s)', p_reason, p_reservation.call_id), p_now);
end
$$;

revoke execute on function private.end_call(public.credit_reservations, text, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
