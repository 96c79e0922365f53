-- The work of public.check_forwarding(). A check under way is followed, not repeated.
--
-- A chain of effects: twilio.check_call rings the phone, then twilio.check_result looks for the call on our own number until
-- it came, or cannot come any more (private.forwarding_check_placed(), private.forwarding_check_seen()).
--
-- Locks: the forwarding; then enqueues.
--
-- Raises 404 forwarding_config_not_found, 409 forwarding_ended, 409 telephony_not_configured, and what private.authorize()
-- raises.
create or replace function private.check_forwarding(p_id uuid, p_now timestamptz default now())
returns public.operation
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.check_forwarding');
    v_config constant public.hybrid_forwarding_configs := private.held_forwarding(v_caller.org_id, p_id);
    v_account constant private.telephony_account := private.telephony_account(v_caller.org_id);
    v_from constant text := (private.forwarding_numbers(v_caller.org_id)).checked_from;
    v_effect_id uuid;
begin
    if (private.telephony_operation(v_caller.org_id, v_config.check_effect_id)).id is not null then
        return private.telephony_operation(v_caller.org_id, v_config.check_effect_id);
    end if;
    v_effect_id := private.enqueue_effect(
        p_org_id => v_caller.org_id,
        p_kind => 'twilio.check_call',
        p_payload => jsonb_build_object(
            'account', to_jsonb(v_account), 'org_id', v_caller.org_id, 'config_id', v_config.id,
            'from', v_from, 'to', v_config.sim_phone_number, 'forwarded_to', v_config.twilio_forwarding_number,
            'forwarding_type', v_config.forwarding_type, 'ring_seconds', v_config.ring_time_seconds, 'since', p_now),
        p_run_at => p_now);
    update public.hybrid_forwarding_configs f set check_effect_id = v_effect_id
    where f.org_id = v_caller.org_id and f.id = v_config.id;
    return private.telephony_operation(v_caller.org_id, v_effect_id);
end
$$;

revoke execute on function private.check_forwarding(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.check_forwarding(uuid, timestamptz) to authenticated;
