-- The call was answered: the hold is used up from here on, not from admission. The earliest start that is named counts.
--
-- A start the provider's clock puts before admission or more than two minutes after it moves the hold no further than that;
-- what is charged follows the provider's own times. When the end is known already, this is what its length was waiting for.
--
-- Locks: the wallet, then the reservation.
--
-- Raises 404 call_not_found.
create or replace function private.start_call_clock(
    p_call_id uuid, p_started_at timestamptz, p_now timestamptz default now()
)
returns public.credit_reservations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation public.credit_reservations := private.lock_call(p_call_id);
    v_paid_from timestamptz;
begin
    if p_started_at is null or v_reservation.started_at <= p_started_at then
        return v_reservation;
    end if;

    v_paid_from := greatest(v_reservation.created_at, least(p_started_at, v_reservation.created_at + interval '2 minutes'));
    update public.credit_reservations r set
        started_at = p_started_at,
        paid_from = v_paid_from,
        hold_ends_at = v_paid_from + private.paid_time(r.reserved_pence, r.rate_pence_per_minute)
    where r.org_id = v_reservation.org_id and r.id = v_reservation.id
    returning * into strict v_reservation;

    if v_reservation.evidence_rank is not null or v_reservation.ended_rank is not null then
        perform private.settle_call(v_reservation, p_now);
        select * into strict v_reservation
        from public.credit_reservations r
        where r.org_id = v_reservation.org_id and r.id = v_reservation.id;
    end if;
    -- A hold whose call has ended, nobody knows when, is kept like any other: it may not matter which was heard first.
    if v_reservation.status = 'active' and v_reservation.end_requested_at is null then
        perform private.set_hold_deadline(v_reservation, p_now);
    end if;
    return v_reservation;
end
$$;

revoke execute on function private.start_call_clock(uuid, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.start_call_clock(uuid, timestamptz, timestamptz) to service_role;
