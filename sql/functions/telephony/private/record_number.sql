-- The number is the organisation's: private.insert_managed_number_atomic() with what the saga learned. Turns the saga back with
-- number_taken where it rings for another one.
create or replace function private.record_number(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_code text;
begin
    perform private.insert_managed_number_atomic(
        p_org_id => p_saga.org_id,
        p_phone_number => p_saga.facts ->> 'phone_number',
        p_routing_direction => p_saga.facts ->> 'routing_direction',
        p_country_code => p_saga.facts ->> 'country_code',
        p_twilio_sid => p_saga.facts ->> 'twilio_sid',
        p_subaccount_sid => p_saga.facts #>> '{account,sid}',
        p_vapi_phone_id => p_saga.facts ->> 'vapi_phone_id',
        p_number_id => p_saga.subject_id,
        p_now => p_now);
    return '{}'::jsonb;
exception when sqlstate 'PT409' then
    get stacked diagnostics v_code = pg_exception_hint;
    return jsonb_build_object('refused', v_code);
end
$$;

revoke execute on function private.record_number(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
