-- The work of public.revoke_invitation(). Locks: the invitation.
--
-- Raises 404 invitation_not_found, 409 invitation_used, and what private.authorize() raises.
create or replace function private.revoke_invitation(p_invitation_id uuid)
returns public.org_invitations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.revoke_invitation');
    v_invitation public.org_invitations;
begin
    select i.* into v_invitation
    from public.org_invitations i
    where i.org_id = v_caller.org_id and i.id = p_invitation_id
    for no key update;
    if not found then
        perform private.fail('invitation_not_found');
    end if;
    if v_invitation.status = 'accepted' then
        perform private.fail('invitation_used');
    end if;

    update public.org_invitations i
    set status = 'revoked'
    where i.org_id = v_caller.org_id and i.id = p_invitation_id
    returning i.* into v_invitation;
    delete from private.directory
    where kind = 'invited_email' and key = lower(v_invitation.email) and org_id = v_caller.org_id;
    return v_invitation;
end
$$;

revoke execute on function private.revoke_invitation(uuid) from public, anon, authenticated, service_role;
grant execute on function private.revoke_invitation(uuid) to authenticated;
