-- What the last check of a forwarding saw; while one is under way, which operation to follow.
--
-- Raises 404 forwarding_config_not_found, 409 check_call_refused, 502 provider_refused, and what private.authorize() raises.
create or replace function public.forwarding_checked(p_id uuid)
returns public.forwarding_check
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.forwarding_checked(p_id);
$$;

revoke execute on function public.forwarding_checked(uuid) from public, anon, authenticated, service_role;
grant execute on function public.forwarding_checked(uuid) to authenticated;
