-- Keeps what a check saw, with when, and tells the organisation's screens.
--
-- The caller holds the forwarding.
create or replace function private.close_forwarding_check(p_payload jsonb, p_seen jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_payload ->> 'org_id')::uuid;
    v_id constant uuid := (p_payload ->> 'config_id')::uuid;
begin
    update public.hybrid_forwarding_configs f set
        last_checked_at = p_now, check_result = jsonb_strip_nulls(p_seen), check_effect_id = null, updated_at = p_now
    where f.org_id = v_org_id and f.id = v_id;
    perform private.emit_event(v_org_id, 'telephony.forwarding_checked', jsonb_build_object(
        'id', v_id, 'reached', p_seen -> 'reached'));
end
$$;

revoke execute on function private.close_forwarding_check(jsonb, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
