-- The organisation's own account could not be connected: nothing of it is kept but the reason, for whoever asks later.
--
-- Nothing is connected, then: an error is what a connection has, and could not be disconnected here.
--
-- Locks: those of private.forget_own_account(), the account's key in the directory, the integration.
create or replace function private.own_account_refused(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.forget_own_account(p_saga, p_result, p_now);
    perform private.give_up_own_account(p_saga, p_result, p_now);
    perform private.note_integration(
        p_saga.org_id, 'twilio', 'disconnected', null,
        (select e.sentence from private.error_registry e where e.code = p_saga.error_code), p_now);
    return '{}'::jsonb;
end
$$;

revoke execute on function private.own_account_refused(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
