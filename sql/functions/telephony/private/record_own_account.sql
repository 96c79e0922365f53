-- The account is used from now on: its number rings here, agents call with it, and what an account must do it does. Turns the
-- saga back with number_taken where the number rings for another organisation.
--
-- Locks: the mapping, the agents, the credentials, the organisation, its caller IDs.
create or replace function private.record_own_account(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_vapi_phone_id constant text := p_saga.facts ->> 'vapi_phone_id';
    v_code text;
begin
    perform private.link_number(
        p_saga.org_id, p_saga.facts ->> 'phone_number', p_saga.facts ->> 'routing_direction', v_vapi_phone_id, p_now);
    update private.org_credentials c set
        is_active = true, vapi_phone_id = v_vapi_phone_id, vapi_credential_id = p_saga.facts ->> 'vapi_credential_id',
        last_verified_at = p_now, updated_at = p_now
    where c.org_id = p_saga.org_id and c.id = p_saga.subject_id;
    update public.organizations o set telephony_mode = 'byoc', updated_at = p_now where o.id = p_saga.org_id;
    perform private.forget_caller_ids(p_saga.org_id, p_now);
    return '{}'::jsonb;
exception when sqlstate 'PT409' then
    get stacked diagnostics v_code = pg_exception_hint;
    return jsonb_build_object('refused', v_code);
end
$$;

revoke execute on function private.record_own_account(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
