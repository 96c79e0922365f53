-- The organisation's own account is disconnected, here and at once. Locks: those of private.forget_own_account(), the integration.
create or replace function private.let_own_account_go(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.forget_own_account(p_saga, p_result, p_now);
    perform private.note_integration(p_saga.org_id, 'twilio', 'disconnected', null, null, p_now);
    return '{}'::jsonb;
end
$$;

revoke execute on function private.let_own_account_go(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
