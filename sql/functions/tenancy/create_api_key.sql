-- Makes an API key for the caller's organisation. The answer is the only place where the key itself is ever seen.
--
-- The scopes are those of the grant matrix; a key without an expiry works until it is revoked.
--
-- Raises 409 too_many_api_keys, 422 unknown_scope, 422 invalid_value, and what private.authorize() raises.
create or replace function public.create_api_key(p_name text, p_scopes text[], p_expires_at timestamptz default null)
returns public.created_api_key
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.create_api_key(p_name, p_scopes, p_expires_at);
$$;

revoke execute on function public.create_api_key(text, text[], timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.create_api_key(text, text[], timestamptz) to authenticated;
