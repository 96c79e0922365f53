-- An operator's word that a call is over though the provider never said so: its cap counts no more.
--
-- It is on record, with the reason. Word of the call's end that comes after all is charged like any other.
--
-- Locks: the wallet, then the reservation.
--
-- Raises 404 call_not_found, 409 call_has_ended, 422 reason_needed.
create or replace function private.write_off_call(p_call_id uuid, p_reason text, p_now timestamptz default now())
returns public.credit_reservations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation public.credit_reservations := private.lock_call(p_call_id);
begin
    if v_reservation.cap_released_at is not null then
        perform private.fail('call_has_ended');
    elsif nullif(btrim(p_reason), '') is null then
        perform private.fail('reason_needed');
    end if;
    if v_reservation.status = 'active' then
        perform private.expire_hold(v_reservation, p_now);
    end if;
    update public.credit_reservations r
    set written_off_because = left(btrim(p_reason), 500), cap_released_at = p_now, next_poll_at = null
    where r.org_id = v_reservation.org_id and r.id = v_reservation.id
    returning * into strict v_reservation;
    update public.credit_wallets w
    set capped_pence = w.capped_pence - v_reservation.cap_pence, updated_at = p_now
    where w.org_id = v_reservation.org_id;
    perform private.record_security_event('call_written_off', v_reservation.org_id, null, jsonb_build_object(
        'call_id', p_call_id, 'reason', v_reservation.written_off_because));
    return v_reservation;
end
$$;

revoke execute on function private.write_off_call(uuid, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.write_off_call(uuid, text, timestamptz) to service_role;
