-- The step after the effect vapi.create_call: Vapi has the call, and how it is reached is kept; or there is none, and what was
-- held for it is given back. What Vapi told of the call meanwhile stands.
--
-- Locks: the wallet, the reservation, the call; then what private.wallet_moved() locks.
--
-- Raises 404 call_not_found.
create or replace function private.call_created(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_vapi_call_id constant text := case when p_outcome = 'done' then p_result ->> 'vapi_call_id' end;
    v_reservation constant public.credit_reservations := private.lock_call((p_effect #>> '{payload,call_id}')::uuid);
    v_call public.calls;
begin
    select * into v_call from public.calls c
    where c.org_id = v_reservation.org_id and c.id = v_reservation.call_id
    for no key update;
    if v_vapi_call_id is null then
        if v_call.vapi_call_id is null then
            perform private.call_not_placed(v_call, coalesce(p_result ->> 'refused', p_outcome), v_now);
        end if;
        return;
    end if;

    perform private.own_outside('vapi_call', v_vapi_call_id, v_call.org_id);
    if exists (select from public.calls c
               where c.org_id = v_call.org_id and c.vapi_call_id = v_vapi_call_id and c.id <> v_call.id) then
        perform private.call_not_placed(v_call, 'known_as_another', v_now);
        return;
    end if;
    update public.calls c set
        vapi_call_id = coalesce(c.vapi_call_id, v_vapi_call_id),
        provider_call_sid = coalesce(c.provider_call_sid, p_result ->> 'call_sid'), updated_at = v_now
    where c.org_id = v_call.org_id and c.id = v_call.id;
    perform private.note_call_line(
        v_call.id, v_vapi_call_id, p_result ->> 'control_url', p_result ->> 'call_sid', v_now);
end
$$;

revoke execute on function private.call_created(jsonb, text, jsonb) from public, anon, authenticated, service_role;
