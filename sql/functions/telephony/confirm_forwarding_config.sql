-- A person dialled the code: the forwarding is on as far as they know. public.check_forwarding() sees for itself.
--
-- Raises 404 forwarding_config_not_found, 409 forwarding_ended, and what private.authorize() raises.
create or replace function public.confirm_forwarding_config(p_forwarding_config_id uuid)
returns public.forwarding_answer
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.confirm_forwarding_config(p_forwarding_config_id);
$$;

revoke execute on function public.confirm_forwarding_config(uuid) from public, anon, authenticated, service_role;
grant execute on function public.confirm_forwarding_config(uuid) to authenticated;
