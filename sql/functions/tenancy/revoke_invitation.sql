-- Takes an invitation back; its token and its email open nothing any more. Doing it twice answers the same.
--
-- Raises 404 invitation_not_found, 409 invitation_used, and what private.authorize() raises.
create or replace function public.revoke_invitation(p_invitation_id uuid)
returns public.org_invitations
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.revoke_invitation(p_invitation_id);
$$;

revoke execute on function public.revoke_invitation(uuid) from public, anon, authenticated, service_role;
grant execute on function public.revoke_invitation(uuid) to authenticated;
