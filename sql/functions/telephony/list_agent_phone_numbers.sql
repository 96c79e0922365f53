-- The numbers an agent may be given: those of the organisation's credentials, its own and managed ones alike.
--
-- Raises what private.authorize() raises.
create or replace function public.list_agent_phone_numbers()
returns setof public.agent_phone_number
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.list_agent_phone_numbers();
$$;

revoke execute on function public.list_agent_phone_numbers() from public, anon, authenticated, service_role;
grant execute on function public.list_agent_phone_numbers() to authenticated;
