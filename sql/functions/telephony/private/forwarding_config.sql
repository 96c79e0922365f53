-- A forwarding as its organisation sees it, with the steps a person follows to begin and to end it.
create or replace function private.forwarding_config(p_config public.hybrid_forwarding_configs)
returns public.forwarding_config
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select row(
        p_config.id, p_config.verified_caller_id, p_config.sim_phone_number, p_config.forwarding_type, p_config.carrier,
        p_config.ring_time_seconds, p_config.generated_activation_code, p_config.generated_deactivation_code,
        array[
            format('Take the phone with the number %s and open its keypad.', p_config.sim_phone_number),
            format('Dial %s and press call.', p_config.generated_activation_code),
            case p_config.forwarding_type
                when 'total_ai' then 'Wait until the network says that forwarding is on. From then on every call goes to Voxanne.'
                else 'Wait until the network says that forwarding is on. From then on calls you do not answer go to Voxanne.' end,
            'Come back here, confirm, and have the forwarding checked.',
            format('To end it, dial %s on the same phone.', p_config.generated_deactivation_code)],
        p_config.status, p_config.user_confirmed_setup, p_config.last_checked_at,
        (p_config.check_result ->> 'reached')::boolean)::public.forwarding_config;
$$;

revoke execute on function private.forwarding_config(public.hybrid_forwarding_configs)
    from public, anon, authenticated, service_role;
