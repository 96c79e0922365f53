-- What was answered when a call asked to be let in; NULL for one that never asked. A call that has ended, or is to be ended
-- because it came without asking (it has no cap), is let in no more.
create or replace function private.first_admission(p_org_id uuid, p_call_id uuid)
returns private.call_admission
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation public.credit_reservations;
    v_reason text;
begin
    select * into v_reservation
    from public.credit_reservations r
    where r.org_id = p_org_id and r.call_id = p_call_id;
    if found and v_reservation.cap_released_at is null and v_reservation.status = 'active' and v_reservation.cap_pence > 0 then
        return row(
            p_call_id, true, null, null, v_reservation.reserved_pence, v_reservation.cap_pence,
            v_reservation.rate_pence_per_minute, v_reservation.hold_ends_at,
            v_reservation.max_duration_seconds)::private.call_admission;
    elsif found then
        v_reason := 'already_settled';
    else
        select f.reason into v_reason
        from public.call_refusals f
        where f.org_id = p_org_id and f.call_id = p_call_id;
        if not found then
            return null;
        end if;
    end if;
    return row(
        p_call_id, false, v_reason, (select s.spoken from private.refusal_reasons s where s.reason = v_reason),
        0, 0, null, null, 0)::private.call_admission;
end
$$;

revoke execute on function private.first_admission(uuid, uuid) from public, anon, authenticated, service_role;
