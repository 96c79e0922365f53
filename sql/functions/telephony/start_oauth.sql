-- Begins connecting a calendar: puts a consent on record that somebody is about to be asked for, once and for ten minutes.
--
-- Answers what the consent page's address is made of: {flow_id, org_id, user_id, scopes, expires_at}. The PKCE verifier
-- comes sealed (type oauth_verifier): without one there is no flow.
--
-- Raises 404 integration_not_found, 422 invalid_value, and what private.authorize() raises.
create or replace function public.start_oauth(p_provider text, p_sealed_verifier text, p_key_version integer)
returns jsonb
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.start_oauth(p_provider, p_sealed_verifier, p_key_version);
$$;

revoke execute on function public.start_oauth(text, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.start_oauth(text, text, integer) to authenticated;
