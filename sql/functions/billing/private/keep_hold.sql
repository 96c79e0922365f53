-- What happens when a hold is about to run out: it is renewed; else its caller is warned, and at last the call is ended.
--
-- p_hold_ends_at is the end the deadline was made for: when the hold has moved since, nothing happens. Money that comes in
-- between warning and hang-up renews instead. Answers what was done.
--
-- Locks: the wallet, then the reservation.
--
-- Raises 404 organization_not_found.
create or replace function private.keep_hold(
    p_org_id uuid, p_call_id uuid, p_hold_ends_at timestamptz, p_now timestamptz default now()
)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_guard constant interval := private.hang_up_guard();
    v_reservation public.credit_reservations;
begin
    perform private.lock_wallet(p_org_id);
    select * into v_reservation
    from public.credit_reservations r
    where r.org_id = p_org_id and r.call_id = p_call_id
    for update;
    if not found or v_reservation.hold_ends_at <> p_hold_ends_at or v_reservation.status <> 'active'
       or v_reservation.end_requested_at is not null then
        return 'stale';
    end if;

    v_reservation := private.extend_hold(v_reservation, p_now);
    if v_reservation.hold_ends_at <> p_hold_ends_at or v_reservation.end_requested_at is not null then
        return 'renewed';
    elsif v_reservation.cap_released_at is not null then
        return 'over';
    elsif p_now >= p_hold_ends_at - c_guard then
        perform private.end_call(v_reservation, 'hold_exhausted', p_hold_ends_at - c_guard, p_now);
        return 'ended';
    elsif v_reservation.warned_for is distinct from p_hold_ends_at then
        perform private.warn_call(v_reservation, p_now);
        return 'warned';
    end if;
    return 'waiting';
end
$$;

revoke execute on function private.keep_hold(uuid, uuid, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.keep_hold(uuid, uuid, timestamptz, timestamptz) to service_role;
