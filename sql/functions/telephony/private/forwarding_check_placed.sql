-- The step after the effect twilio.check_call: the phone rings, and the first look comes when the carrier may have forwarded
-- the call, at once for total_ai, after the phone rang its time for safety_net. A forwarding that was set up anew or ended
-- meanwhile does not wait for this check any more.
--
-- Locks: the forwarding; then enqueues.
create or replace function private.forwarding_check_placed(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_payload constant jsonb := p_effect -> 'payload';
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_ring constant interval := make_interval(
        secs => case v_payload ->> 'forwarding_type' when 'safety_net' then (v_payload ->> 'ring_seconds')::integer else 0 end);
begin
    perform from public.hybrid_forwarding_configs f
    where f.org_id = (v_payload ->> 'org_id')::uuid and f.id = (v_payload ->> 'config_id')::uuid
      and f.check_effect_id = (p_effect ->> 'id')::uuid
    for update;
    if not found then
        return;
    elsif p_outcome <> 'done' or p_result ->> 'call_sid' is null then
        perform private.close_forwarding_check(
            v_payload, jsonb_build_object('refused', coalesce(p_result ->> 'refused', 'provider_refused')), v_now);
        return;
    end if;
    perform private.look_for_check_call(
        v_payload || jsonb_build_object('call_sid', p_result -> 'call_sid', 'until', v_now + v_ring + interval '40 seconds'),
        v_now + v_ring + interval '3 seconds', v_now);
end
$$;

revoke execute on function private.forwarding_check_placed(jsonb, text, jsonb) from public, anon, authenticated, service_role;
