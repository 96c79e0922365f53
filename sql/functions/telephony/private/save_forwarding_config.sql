-- The work of public.save_forwarding_config(). A repeated one replaces the first: it is to be dialled, confirmed
-- and checked again. A check under way speaks of the old one, and is not heard.
--
-- Locks: the caller ID and the mapping of its destination, for share; the forwarding. A number that is being given back at the
-- same moment waits for what is set up here and ends it, or is gone already.
--
-- Raises 404 caller_id_not_found, 409 caller_id_not_verified, 409 no_inbound_number, 409 forwarding_to_itself,
-- 422 carrier_unknown, 422 forwarding_type_invalid, 422 ring_time_out_of_range, and what private.authorize() raises.
create or replace function private.save_forwarding_config(
    p_verified_caller_id uuid, p_forwarding_type text, p_carrier text, p_ring_time_seconds integer,
    p_now timestamptz default now()
)
returns public.forwarding_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.save_forwarding_config');
    v_caller_id public.verified_caller_ids;
    v_destination text;
    v_codes public.forwarding_codes;
    v_config public.hybrid_forwarding_configs;
begin
    select * into v_caller_id from public.verified_caller_ids c
    where c.org_id = v_caller.org_id and c.id = p_verified_caller_id
    for share;
    if not found then
        perform private.fail('caller_id_not_found');
    elsif v_caller_id.status <> 'verified' then
        perform private.fail('caller_id_not_verified');
    end if;
    select m.phone_number into v_destination from public.phone_number_mapping m
    where m.org_id = v_caller.org_id and m.phone_number = (private.forwarding_numbers(v_caller.org_id)).inbound
    for share;
    if not found then
        perform private.fail('no_inbound_number');
    elsif v_destination = v_caller_id.phone_number then
        perform private.fail('forwarding_to_itself');
    end if;
    v_codes := private.forwarding_codes(p_carrier, p_forwarding_type, v_destination, p_ring_time_seconds);

    insert into public.hybrid_forwarding_configs as f (
        org_id, verified_caller_id, sim_phone_number, forwarding_type, carrier, carrier_country_code, twilio_forwarding_number,
        ring_time_seconds, generated_activation_code, generated_deactivation_code, created_at, updated_at)
    select v_caller.org_id, v_caller_id.id, v_caller_id.phone_number, p_forwarding_type, p_carrier,
           coalesce(r.country_code, v_caller_id.country_code), v_destination, coalesce(v_codes.ring_time_seconds, 25),
           v_codes.activation_code, v_codes.deactivation_code, p_now, p_now
    from public.carrier_forwarding_rules r
    where r.carrier = p_carrier
    on conflict (org_id, sim_phone_number) do update set
        verified_caller_id = excluded.verified_caller_id, forwarding_type = excluded.forwarding_type, carrier = excluded.carrier,
        carrier_country_code = excluded.carrier_country_code, twilio_forwarding_number = excluded.twilio_forwarding_number,
        ring_time_seconds = excluded.ring_time_seconds, generated_activation_code = excluded.generated_activation_code,
        generated_deactivation_code = excluded.generated_deactivation_code, status = 'pending_setup',
        user_confirmed_setup = false, confirmed_at = null, last_checked_at = null, check_result = null, check_effect_id = null,
        updated_at = p_now
    returning f.* into v_config;
    return (true, private.forwarding_config(v_config))::public.forwarding_answer;
end
$$;

revoke execute on function private.save_forwarding_config(uuid, text, text, integer, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.save_forwarding_config(uuid, text, text, integer, timestamptz) to authenticated;
