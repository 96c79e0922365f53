-- Makes an account a member by an invitation that was found open and is locked, and uses the invitation up.
--
-- Another organisation's invitation of the same email goes on waiting. Locks: as private.admit_member().
create or replace function private.use_invitation(
    p_invitation public.org_invitations, p_user_id uuid, p_now timestamptz default now())
returns public.profiles
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_profile constant public.profiles := private.admit_member(
        p_invitation.org_id, p_user_id, p_invitation.role, p_invitation.full_name);
begin
    update public.org_invitations
    set status = 'accepted', accepted_by = p_user_id, accepted_at = p_now
    where org_id = p_invitation.org_id and id = p_invitation.id;
    delete from private.directory
    where kind = 'invited_email' and key = lower(p_invitation.email) and org_id = p_invitation.org_id;
    return v_profile;
end
$$;

revoke execute on function private.use_invitation(public.org_invitations, uuid, timestamptz)
    from public, anon, authenticated, service_role;
