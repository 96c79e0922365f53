-- The work of public.forwarding_checked(). A call that could not be made says nothing of the forwarding.
--
-- Raises 404 forwarding_config_not_found, 409 check_call_refused, 502 provider_refused, and what private.authorize() raises.
create or replace function private.forwarding_checked(p_id uuid)
returns public.forwarding_check
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.forwarding_checked');
    v_config public.hybrid_forwarding_configs;
    v_operation public.operation;
    v_reached boolean;
begin
    select * into v_config from public.hybrid_forwarding_configs f where f.org_id = v_caller.org_id and f.id = p_id;
    if not found then
        perform private.fail('forwarding_config_not_found');
    end if;
    v_operation := private.telephony_operation(v_caller.org_id, v_config.check_effect_id);
    if v_operation.id is not null then
        return (true, null, null, null, null, v_operation)::public.forwarding_check;
    elsif v_config.check_result ->> 'refused' = 'check_call_refused' then
        perform private.fail('check_call_refused');
    elsif v_config.check_result ? 'refused' then
        perform private.fail('provider_refused');
    end if;
    v_reached := (v_config.check_result ->> 'reached')::boolean;
    return (
        true, v_reached,
        case when v_reached then 'The call to your number reached Voxanne: forwarding works.'
            when not v_reached then format(
                'The call to your number did not reach Voxanne. Dial %s on that phone again, then have it checked again.',
                v_config.generated_activation_code) end,
        v_config.check_result ->> 'call_status', v_config.last_checked_at, null)::public.forwarding_check;
end
$$;

revoke execute on function private.forwarding_checked(uuid) from public, anon, authenticated, service_role;
grant execute on function private.forwarding_checked(uuid) to authenticated;
