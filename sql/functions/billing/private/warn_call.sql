-- Has the caller told that the call will end in half a minute, once for each end of its hold, and sets the last deadline.
--
-- Locks: none of its own; the caller holds the wallet and the reservation.
create or replace function private.warn_call(p_reservation public.credit_reservations, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation public.credit_reservations;
begin
    update public.credit_reservations r
    set warned_for = r.hold_ends_at
    where r.org_id = p_reservation.org_id and r.id = p_reservation.id
    returning * into strict v_reservation;
    perform private.set_hold_deadline(v_reservation, p_now);
    perform private.enqueue_effect(
        p_org_id => v_reservation.org_id,
        p_kind => 'vapi.say',
        p_payload => jsonb_build_object(
            'org_id', v_reservation.org_id, 'call_id', v_reservation.call_id,
            'control_url', (select l.control_url from private.call_lines l
                            where l.org_id = v_reservation.org_id and l.call_id = v_reservation.call_id),
            'text', 'I am sorry, this call has to end in half a minute. '
                    || 'Is there anything else I should note down for you?'),
        p_run_at => p_now);
end
$$;

revoke execute on function private.warn_call(public.credit_reservations, timestamptz)
    from public, anon, authenticated, service_role;
