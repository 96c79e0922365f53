-- A call is under way that nobody asked us about: it is held for like any other, and ended when it cannot be.
--
-- Locks: the wallet, which the caller holds; the reservation, the call.
create or replace function private.hold_running_call(p_call public.calls, p_message jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_admission constant private.call_admission := private.reserve_call_credits(
        p_call.org_id, p_call.id,
        (select a.max_call_seconds from public.agents a where a.org_id = p_call.org_id and a.id = p_call.agent_id),
        p_call.vapi_call_id, p_now);
    v_reservation public.credit_reservations;
begin
    if not v_admission.allowed then
        v_reservation := private.open_reservation(
            p_call.org_id, p_call.id, p_call.vapi_call_id, private.current_rate(p_now), 0, 0, p_now);
    end if;
    perform private.note_line(p_call, p_message, p_now);
    if v_reservation.id is not null then
        perform private.end_call(v_reservation, 'not_admitted', p_now, p_now);
    end if;
end
$$;

revoke execute on function private.hold_running_call(public.calls, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
