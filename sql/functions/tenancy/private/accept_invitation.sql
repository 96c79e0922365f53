-- The work of public.accept_invitation(). Locks: the account, so that it joins one organisation only; then the invitation.
--
-- A suspended membership elsewhere still counts as one. An invitation of a suspended organisation is as good as none.
--
-- Raises 401 not_signed_in, 403 invitation_for_another_email, 404 invitation_not_found, 409 already_in_organization,
-- 409 invitation_used, 410 invitation_expired, and what private.authorize() raises.
create or replace function private.accept_invitation(p_token text, p_now timestamptz default now())
returns public.profiles
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.accept_invitation');
    v_hash constant bytea := sha256(convert_to(coalesce(p_token, ''), 'UTF8'));
    v_email text;
    v_invitation public.org_invitations;
begin
    select u.email::text into v_email from auth.users u where u.id = v_caller.user_id and u.deleted_at is null for no key update;
    if not found then
        perform private.fail('not_signed_in');
    end if;

    select i.* into v_invitation
    from private.directory d
    join public.organizations o on o.id = d.org_id and o.suspended_at is null
    join private.invitation_secrets s on s.org_id = d.org_id and s.token_hash = v_hash
    join public.org_invitations i on i.org_id = s.org_id and i.id = s.invitation_id
    where d.kind = 'invitation' and d.key = encode(v_hash, 'hex')
    for no key update of i;
    if not found or v_invitation.status = 'revoked' then
        perform private.fail('invitation_not_found');
    end if;
    if lower(v_invitation.email) is distinct from lower(v_email) then
        perform private.fail('invitation_for_another_email');
    end if;
    if v_invitation.status = 'accepted' then
        perform private.fail('invitation_used');
    end if;
    if v_invitation.status = 'expired' or v_invitation.expires_at <= p_now then
        perform private.fail('invitation_expired');
    end if;
    if exists (
        select
        from private.directory d
        join public.profiles p on p.org_id = d.org_id and p.id = v_caller.user_id
        where d.kind = 'user' and d.key = v_caller.user_id::text and p.status <> 'inactive'
    ) then
        perform private.fail('already_in_organization');
    end if;

    return private.use_invitation(v_invitation, v_caller.user_id, p_now);
end
$$;

revoke execute on function private.accept_invitation(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.accept_invitation(text, timestamptz) to authenticated;
