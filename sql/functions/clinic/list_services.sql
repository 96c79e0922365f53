-- What the caller's organisation offers, by name.
--
-- Raises what private.authorize() raises.
create or replace function public.list_services()
returns setof public.services
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_services');
begin
    return query
    select s.* from public.services s where s.org_id = v_caller.org_id order by s.name, s.id;
end
$$;

revoke execute on function public.list_services() from public, anon, authenticated, service_role;
grant execute on function public.list_services() to authenticated;
