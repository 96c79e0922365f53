-- The work of public.disconnect_oauth(). Locks: the credential, the integration; then enqueues.
--
-- Raises 404 integration_not_found, and what private.authorize() raises.
create or replace function private.disconnect_oauth(p_provider text, p_now timestamptz default now())
returns public.integration_state
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.disconnect_oauth');
    v_credential private.org_credentials;
begin
    delete from private.org_credentials c
    where c.org_id = v_caller.org_id and c.provider = p_provider and c.type = 'default'
      and exists (select from private.oauth_providers p where p.provider = p_provider)
    returning c.* into v_credential;
    if not found then
        perform private.fail('integration_not_found');
    end if;

    update public.integrations i set
        status = 'disconnected', account_label = null, connected_at = null, last_error = null, updated_at = p_now
    where i.org_id = v_caller.org_id and i.provider = p_provider;
    perform private.emit_event(
        v_caller.org_id, 'integration.changed', jsonb_build_object('provider', p_provider, 'status', 'disconnected'));
    perform private.give_back_token(v_credential, p_now);
    return (p_provider, 'disconnected', null, null, null, false, null, null)::public.integration_state;
end
$$;

revoke execute on function private.disconnect_oauth(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.disconnect_oauth(text, timestamptz) to authenticated;
