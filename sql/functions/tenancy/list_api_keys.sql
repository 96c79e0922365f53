-- The API keys of the caller's organisation, newest first: what they may, until when, and when they were last used.
--
-- Raises what private.authorize() raises.
create or replace function public.list_api_keys()
returns setof public.api_keys
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_api_keys');
begin
    return query
    select k.* from public.api_keys k where k.org_id = v_caller.org_id order by k.created_at desc, k.id;
end
$$;

revoke execute on function public.list_api_keys() from public, anon, authenticated, service_role;
grant execute on function public.list_api_keys() to authenticated;
