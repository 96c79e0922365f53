-- Asks Twilio's list for a number that is being verified; answers the operation. One that is being asked for is followed.
--
-- The caller holds the caller ID. Locks: the phone's last effect.
--
-- Raises 409 telephony_not_configured.
create or replace function private.look_up_caller_id(p_caller_id public.verified_caller_ids, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_account constant private.telephony_account := private.telephony_account(p_caller_id.org_id);
    v_effect_id uuid;
begin
    if (private.telephony_operation(p_caller_id.org_id, p_caller_id.effect_id)).kind = 'twilio.find_caller_id' then
        return to_jsonb(private.telephony_operation(p_caller_id.org_id, p_caller_id.effect_id));
    end if;
    v_effect_id := private.order_caller_id_effect('twilio.find_caller_id', p_caller_id, v_account, '{}', p_now);
    update public.verified_caller_ids c set effect_id = v_effect_id
    where c.org_id = p_caller_id.org_id and c.id = p_caller_id.id;
    return to_jsonb(private.telephony_operation(p_caller_id.org_id, v_effect_id));
end
$$;

revoke execute on function private.look_up_caller_id(public.verified_caller_ids, timestamptz)
    from public, anon, authenticated, service_role;
