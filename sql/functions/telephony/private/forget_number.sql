-- Takes back private.record_number(): the number is being given up again. Locks: those of private.unlink_number(), the number.
create or replace function private.forget_number(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.unlink_number(
        p_saga.org_id, p_saga.facts ->> 'phone_number', p_saga.facts ->> 'vapi_phone_id', p_now);
    update public.managed_phone_numbers n set status = 'provisioning', updated_at = p_now
    where n.org_id = p_saga.org_id and n.id = p_saga.subject_id and n.status = 'active';
    return '{}'::jsonb;
end
$$;

revoke execute on function private.forget_number(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
