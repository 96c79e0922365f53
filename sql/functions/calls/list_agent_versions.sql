-- What an agent was before each save, the newest first: settings, who changed them and when. p_before goes on from a version.
--
-- Raises 404 agent_not_found, 422 invalid_value, and what private.authorize() raises.
create or replace function public.list_agent_versions(
    p_agent_id uuid, p_before integer default null, p_limit integer default 50)
returns setof public.agent_versions
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_agent_versions');
begin
    if p_limit is null or p_limit not between 1 and 200 then
        perform private.fail('invalid_value', '{"field": "limit"}');
    elsif not exists (
        select from public.agents a where a.org_id = v_caller.org_id and a.id = p_agent_id and a.deleted_at is null)
    then
        perform private.fail('agent_not_found');
    end if;
    return query
    select v.* from public.agent_versions v
    where v.org_id = v_caller.org_id and v.agent_id = p_agent_id and (p_before is null or v.version < p_before)
    order by v.version desc
    limit p_limit;
end
$$;

revoke execute on function public.list_agent_versions(uuid, integer, integer)
    from public, anon, authenticated, service_role;
grant execute on function public.list_agent_versions(uuid, integer, integer) to authenticated;
