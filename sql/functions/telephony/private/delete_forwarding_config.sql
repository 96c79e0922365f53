-- The work of public.delete_forwarding_config(). Its row stays, disabled: the code is still to be dialled, and can be
-- asked for again.
--
-- Locks: the forwarding.
--
-- Raises 404 forwarding_config_not_found, and what private.authorize() raises.
create or replace function private.delete_forwarding_config(p_id uuid, p_now timestamptz default now())
returns public.telephony_done
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.delete_forwarding_config');
    v_config public.hybrid_forwarding_configs;
begin
    update public.hybrid_forwarding_configs f set
        status = 'disabled', user_confirmed_setup = false, confirmed_at = null, check_effect_id = null, updated_at = p_now
    where f.org_id = v_caller.org_id and f.id = p_id
    returning f.* into v_config;
    if not found then
        perform private.fail('forwarding_config_not_found');
    end if;
    return (true, format(
        'Forwarding was ended here. Dial %s on the phone with the number %s to end it there too.',
        v_config.generated_deactivation_code, v_config.sim_phone_number))::public.telephony_done;
end
$$;

revoke execute on function private.delete_forwarding_config(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.delete_forwarding_config(uuid, timestamptz) to authenticated;
