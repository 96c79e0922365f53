-- The organisation's agents, the oldest first.
--
-- Raises what private.authorize() raises.
create or replace function public.list_agents()
returns setof public.agents
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_agents');
begin
    return query
    select a.* from public.agents a
    where a.org_id = v_caller.org_id and a.deleted_at is null
    order by a.created_at, a.id;
end
$$;

revoke execute on function public.list_agents() from public, anon, authenticated, service_role;
grant execute on function public.list_agents() to authenticated;
