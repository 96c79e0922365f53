-- The organisation's own account is connected, and its open screens hear of it. Locks: the integration.
create or replace function private.own_account_linked(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.note_integration(
        p_saga.org_id, 'twilio', 'connected', p_saga.facts ->> 'account_name', null, p_now);
    return '{}'::jsonb;
end
$$;

revoke execute on function private.own_account_linked(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
