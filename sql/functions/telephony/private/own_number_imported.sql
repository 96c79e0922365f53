-- The number is at Vapi: what it is called there is the organisation's.
create or replace function private.own_number_imported(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.own_outside('vapi_phone_number', p_result ->> 'vapi_phone_id', p_saga.org_id);
    return '{}'::jsonb;
end
$$;

revoke execute on function private.own_number_imported(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
