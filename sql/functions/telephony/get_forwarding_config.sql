-- How a verified number forwards; config is NULL where it does not.
--
-- Raises 404 caller_id_not_found, and what private.authorize() raises.
create or replace function public.get_forwarding_config(p_verified_caller_id uuid)
returns public.forwarding_answer
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.get_forwarding_config(p_verified_caller_id);
$$;

revoke execute on function public.get_forwarding_config(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_forwarding_config(uuid) to authenticated;
