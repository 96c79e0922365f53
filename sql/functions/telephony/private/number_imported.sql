-- Writes down what the number is called at Vapi. Locks: the number.
create or replace function private.number_imported(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.own_outside('vapi_phone_number', p_result ->> 'vapi_phone_id', p_saga.org_id);
    update public.managed_phone_numbers n set vapi_phone_id = p_result ->> 'vapi_phone_id', updated_at = p_now
    where n.org_id = p_saga.org_id and n.id = p_saga.subject_id;
    return '{}'::jsonb;
end
$$;

revoke execute on function private.number_imported(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
