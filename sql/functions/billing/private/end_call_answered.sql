-- The step after the effect vapi.end_call: when Vapi could not end the call, the carrier is asked to.
--
-- Locks: the wallet, then the reservation.
create or replace function private.end_call_answered(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_payload constant jsonb := p_effect -> 'payload';
begin
    if p_outcome = 'done' then
        perform private.hang_up_issued(v_payload, (p_effect ->> 'ended_at')::timestamptz);
    elsif v_payload ->> 'call_sid' is not null then
        perform private.enqueue_effect(
            p_org_id => (v_payload ->> 'org_id')::uuid,
            p_kind => 'twilio.end_call',
            p_payload => v_payload - 'control_url',
            p_run_at => (p_effect ->> 'ended_at')::timestamptz);
    else
        perform private.hang_up_failed(p_effect);
    end if;
end
$$;

revoke execute on function private.end_call_answered(jsonb, text, jsonb) from public, anon, authenticated, service_role;
