-- Has somebody look at a hold in time: first while it can still be renewed and the caller warned, then to hang up.
--
-- The deadline names the end it was made for; when the hold has moved by then it does nothing.
create or replace function private.set_hold_deadline(p_reservation public.credit_reservations, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_guard constant interval := private.hang_up_guard();
    -- The spoken warning comes half a minute before the hang-up.
    c_ahead constant interval := interval '30 seconds' + c_guard;
begin
    perform private.enqueue_effect(
        p_org_id => p_reservation.org_id,
        p_kind => 'billing.hold_deadline',
        p_payload => jsonb_build_object(
            'org_id', p_reservation.org_id, 'call_id', p_reservation.call_id, 'hold_ends_at', p_reservation.hold_ends_at),
        p_run_at => greatest(
            p_reservation.hold_ends_at
                - case when p_reservation.warned_for = p_reservation.hold_ends_at then c_guard else c_ahead end,
            p_now));
end
$$;

revoke execute on function private.set_hold_deadline(public.credit_reservations, timestamptz)
    from public, anon, authenticated, service_role;
