-- The work of public.start_oauth(). A person consents, never an API key: its row in the matrix has no scope.
--
-- Raises 404 integration_not_found, 422 invalid_value, and what private.authorize() raises.
create or replace function private.start_oauth(
    p_provider text, p_sealed_verifier text, p_key_version integer, p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.start_oauth');
    v_scopes text;
    v_flow private.oauth_flows;
begin
    select p.scopes into v_scopes from private.oauth_providers p where p.provider = p_provider;
    if not found then
        perform private.fail('integration_not_found');
    elsif p_sealed_verifier is null or p_key_version is null then
        perform private.fail('invalid_value', jsonb_build_object('field', 'verifier'));
    end if;

    insert into private.oauth_flows as f (
        org_id, provider, user_id, encrypted_verifier, key_version, expires_at, created_at)
    values (
        v_caller.org_id, p_provider, v_caller.user_id, decode(p_sealed_verifier, 'base64'), p_key_version,
        p_now + interval '10 minutes', p_now)
    returning f.* into v_flow;
    return jsonb_build_object(
        'flow_id', v_flow.id, 'org_id', v_flow.org_id, 'user_id', v_flow.user_id, 'scopes', v_scopes,
        'expires_at', v_flow.expires_at);
end
$$;

revoke execute on function private.start_oauth(text, text, integer, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.start_oauth(text, text, integer, timestamptz) to authenticated;
