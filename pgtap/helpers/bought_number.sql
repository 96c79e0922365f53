-- Buys an organisation a number and has every provider agree. Returns the number's id.
create or replace function tests.bought_number(
    p_org uuid, p_direction text default 'inbound', p_phone text default '+442071230001', p_now timestamptz default now())
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_saga private.sagas;
    v_number public.managed_phone_numbers := private.claim_direction(p_org, 'GB', p_direction, p_now);
begin
    v_saga := private.begin_saga(
        p_org, 'provision_number', v_number.id,
        jsonb_build_object('number_id', v_number.id, 'name', 'voxanne:' || v_number.id, 'country_code', 'GB', 'routing_direction', p_direction),
        null, p_now);
    perform tests.step_done(v_saga.id, jsonb_build_object(
        'subaccount_sid', 'AC' || md5(p_org::text), 'sealed', encode(decode(repeat('ab', 40), 'hex'), 'base64'), 'key_version', 1), p_now => p_now);
    perform tests.step_done(v_saga.id, jsonb_build_object('phone_number', p_phone, 'twilio_sid', 'PN' || md5(p_phone)), p_now => p_now);
    perform tests.step_done(v_saga.id, jsonb_build_object('vapi_phone_id', gen_random_uuid()), p_now => p_now);
    perform tests.step_done(v_saga.id, p_now => p_now);
    return v_number.id;
end
$$;
