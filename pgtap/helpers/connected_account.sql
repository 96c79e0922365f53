-- Connects an organisation's own Twilio account, its number being p_phone, and has every provider agree. Returns the
-- credential's id.
create or replace function tests.connected_account(
    p_org uuid, p_phone text default '+442071230001', p_now timestamptz default now())
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_saga private.sagas;
    v_credential constant private.org_credentials := private.claim_own_account(
        p_org, 'AC' || md5(p_org::text), p_phone, decode(repeat('ab', 40), 'hex'), 1, p_now);
begin
    v_saga := private.begin_saga(
        p_org, 'connect_twilio', v_credential.id,
        jsonb_build_object(
            'name', 'voxanne:' || v_credential.id, 'phone_number', p_phone, 'routing_direction', 'default',
            'account', row(p_org, v_credential.account_sid, 'default')::private.telephony_account),
        null, p_now);
    perform tests.step_done(v_saga.id, jsonb_build_object('account_name', 'Own account', 'twilio_sid', 'PN' || md5(p_phone)), p_now => p_now);
    perform tests.step_done(v_saga.id, jsonb_build_object('vapi_credential_id', gen_random_uuid()), p_now => p_now);
    perform tests.step_done(v_saga.id, jsonb_build_object('vapi_phone_id', gen_random_uuid()), p_now => p_now);
    perform tests.step_done(v_saga.id, p_now => p_now);
    return v_credential.id;
end
$$;
