-- The step after the effect twilio.check_result: the call came back, or it is over without, or there is another look in two
-- seconds. A look that Twilio did not answer says nothing; the check ends without a verdict on the forwarding.
--
-- Locks: the forwarding; then enqueues.
create or replace function private.forwarding_check_seen(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_payload constant jsonb := p_effect -> 'payload';
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_reached constant boolean := (p_result ->> 'reached')::boolean;
begin
    perform from public.hybrid_forwarding_configs f
    where f.org_id = (v_payload ->> 'org_id')::uuid and f.id = (v_payload ->> 'config_id')::uuid
      and f.check_effect_id = (p_effect ->> 'id')::uuid
    for update;
    if not found then
        return;
    elsif p_outcome <> 'done' or v_reached is null then
        perform private.close_forwarding_check(v_payload, jsonb_build_object('refused', 'provider_refused'), v_now);
    elsif v_reached or (p_result ->> 'ended')::boolean or v_now >= (v_payload ->> 'until')::timestamptz then
        perform private.close_forwarding_check(
            v_payload, jsonb_build_object('reached', v_reached, 'call_status', p_result -> 'call_status'), v_now);
    else
        perform private.look_for_check_call(v_payload, v_now + interval '2 seconds', v_now);
    end if;
end
$$;

revoke execute on function private.forwarding_check_seen(jsonb, text, jsonb) from public, anon, authenticated, service_role;
