-- Puts a verification on record, new or anew, and orders it from Twilio; answers the operation.
--
-- Locks: the caller ID; then enqueues.
create or replace function private.call_caller_id(
    p_org_id uuid, p_phone_number text, p_friendly_name text, p_country_code text, p_account private.telephony_account,
    p_now timestamptz
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller_id public.verified_caller_ids;
    v_effect_id uuid;
begin
    insert into public.verified_caller_ids as c (
        org_id, phone_number, country_code, friendly_name, created_at, updated_at)
    values (p_org_id, p_phone_number, p_country_code, p_friendly_name, p_now, p_now)
    on conflict (org_id, phone_number) do update set
        status = 'pending', country_code = excluded.country_code,
        friendly_name = coalesce(excluded.friendly_name, c.friendly_name),
        verification_attempts = 0, verification_code_expires_at = null, locked_until = null, updated_at = p_now
    returning c.* into v_caller_id;
    delete from private.caller_id_codes c where c.org_id = p_org_id and c.verified_caller_id = v_caller_id.id;

    v_effect_id := private.order_caller_id_effect(
        'twilio.request_caller_id', v_caller_id, p_account,
        jsonb_build_object('friendly_name', coalesce(v_caller_id.friendly_name, p_phone_number)), p_now);
    update public.verified_caller_ids c set effect_id = v_effect_id where c.org_id = p_org_id and c.id = v_caller_id.id;
    return to_jsonb(private.telephony_operation(p_org_id, v_effect_id));
end
$$;

revoke execute on function private.call_caller_id(uuid, text, text, text, private.telephony_account, timestamptz)
    from public, anon, authenticated, service_role;
