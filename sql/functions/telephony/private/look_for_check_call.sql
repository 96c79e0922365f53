-- Orders the next look for a check call that should have come back, as the forwarding's step under way.
--
-- The caller holds the forwarding; enqueues.
create or replace function private.look_for_check_call(p_payload jsonb, p_run_at timestamptz, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_payload ->> 'org_id')::uuid;
    v_effect_id constant uuid := private.enqueue_effect(
        p_org_id => v_org_id, p_kind => 'twilio.check_result', p_payload => p_payload, p_run_at => p_run_at);
begin
    update public.hybrid_forwarding_configs f set check_effect_id = v_effect_id, updated_at = p_now
    where f.org_id = v_org_id and f.id = (p_payload ->> 'config_id')::uuid;
end
$$;

revoke execute on function private.look_for_check_call(jsonb, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;
