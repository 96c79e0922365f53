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

    perform private.note_integration(v_caller.org_id, p_provider, 'disconnected', null, null, p_now);
    perform private.give_back_token(v_credential, p_now);
    return (p_provider, 'disconnected', null, null, null, false, p_now, null)::public.integration_state;
end
$$;

revoke execute on function private.disconnect_oauth(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.disconnect_oauth(text, timestamptz) to authenticated;
