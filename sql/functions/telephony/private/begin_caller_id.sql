-- Has Twilio asked for its list and, where the number is not on it, has the phone called. Answers the operation, or a refusal.
--
-- A verification whose call is still being ordered is followed, not repeated. A new one forgets the code and the wrong
-- attempts of the one before, but not its lock. Each wish is in the audit of countries, with why it was refused.
--
-- Locks: the phone's initiations, the caller ID; then enqueues.
--
-- Raises 400 phone_number_invalid, 409 telephony_not_configured, 409 caller_id_verified, 422 friendly_name_invalid. Refuses
-- with 422 premium_number, 423 caller_id_locked, 429 caller_id_limited.
create or replace function private.begin_caller_id(
    p_caller private.caller, p_phone_number text, p_friendly_name text, p_now timestamptz
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := p_caller.org_id;
    v_name constant text := nullif(btrim(p_friendly_name), '');
    v_country text;
    v_account private.telephony_account;
    v_calls timestamptz[];
    v_caller_id public.verified_caller_ids;
    v_refusal jsonb;
begin
    if length(v_name) > 64 then
        perform private.fail('friendly_name_invalid');
    end if;
    begin
        v_country := private.check_phone_number(p_phone_number);
    exception when sqlstate 'PT422' then
        perform private.note_country(
            v_org_id, p_caller.user_id, private.country_of(p_phone_number), 'verify', 'premium_number');
        return private.refuse('premium_number');
    end;
    v_account := private.telephony_account(v_org_id);

    v_calls := private.caller_id_calls(p_phone_number, p_now);
    select * into v_caller_id from public.verified_caller_ids c
    where c.org_id = v_org_id and c.phone_number = p_phone_number
    for update;
    if v_caller_id.status = 'verified' then
        perform private.fail('caller_id_verified');
    elsif (private.telephony_operation(v_org_id, v_caller_id.effect_id)).kind = 'twilio.request_caller_id' then
        return to_jsonb(private.telephony_operation(v_org_id, v_caller_id.effect_id));
    end if;
    v_refusal := coalesce(private.refuse_locked(v_caller_id, p_now), private.refuse_limited(v_calls, p_now));
    perform private.note_country(v_org_id, p_caller.user_id, v_country, 'verify', v_refusal ->> 'code');
    if v_refusal is not null then
        return v_refusal;
    end if;

    update private.caller_id_initiations i set recent = v_calls || p_now where i.phone_number = p_phone_number;
    return private.call_caller_id(v_org_id, p_phone_number, v_name, v_country, v_account, p_now);
end
$$;

revoke execute on function private.begin_caller_id(private.caller, text, text, timestamptz)
    from public, anon, authenticated, service_role;
