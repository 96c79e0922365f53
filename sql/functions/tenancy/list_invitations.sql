-- The invitations of the caller's organisation, newest first. A pending one past its expires_at no longer works.
--
-- Raises what private.authorize() raises.
create or replace function public.list_invitations()
returns setof public.org_invitations
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_invitations');
begin
    return query
    select i.* from public.org_invitations i where i.org_id = v_caller.org_id order by i.created_at desc, i.id;
end
$$;

revoke execute on function public.list_invitations() from public, anon, authenticated, service_role;
grant execute on function public.list_invitations() to authenticated;
