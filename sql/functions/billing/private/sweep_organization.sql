-- The step after the effect billing.sweep: does for one organisation what its deadlines missed, and notes that it did.
--
-- Locks: the wallet, then the reservations.
create or replace function private.sweep_organization(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_reservation public.credit_reservations;
    v_did text;
    v_expired integer;
begin
    perform private.lock_wallet(v_org_id);
    for v_reservation in
        select * from public.credit_reservations r
        where r.org_id = v_org_id and r.status = 'active' and r.end_requested_at is null and r.cap_released_at is null
          and r.hold_ends_at <= v_now + interval '20 seconds'
        order by r.created_at, r.id
        for update
    loop
        v_did := private.keep_hold(v_org_id, v_reservation.call_id, v_reservation.hold_ends_at, v_now);
        if v_did in ('renewed', 'ended', 'warned') then
            perform private.note_rescue(v_org_id, v_reservation.call_id, 'hold_' || v_did, v_now);
        end if;
    end loop;

    v_expired := private.expire_holds(v_org_id, v_now);
    if v_expired > 0 then
        perform private.note_rescue(v_org_id, null, 'hold_expired', v_now);
    end if;
    perform private.poll_silent_calls(v_org_id, v_now);
    perform private.wallet_moved(v_org_id, v_now);
end
$$;

revoke execute on function private.sweep_organization(jsonb, text, jsonb) from public, anon, authenticated, service_role;
