-- Revokes an API key; it opens nothing from this moment on. Doing it twice answers the same.
--
-- Raises 404 api_key_not_found, and what private.authorize() raises.
create or replace function public.revoke_api_key(p_api_key_id uuid)
returns public.api_keys
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.revoke_api_key(p_api_key_id);
$$;

revoke execute on function public.revoke_api_key(uuid) from public, anon, authenticated, service_role;
grant execute on function public.revoke_api_key(uuid) to authenticated;
