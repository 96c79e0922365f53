-- Ends a membership for good, before its personal data is erased: no invitation waits, no account is left, no right stays.
--
-- An account that has since joined another organisation is that one's and stays. Doing it again changes nothing. Locks: the
-- organisation's admins, the invitations, the profile, the account.
--
-- Raises 409 last_admin.
create or replace function private.end_membership(p_org_id uuid, p_user_id uuid, p_identifiers text[])
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.keep_an_admin(p_org_id, p_user_id);
    update public.org_invitations
    set status = 'revoked'
    where org_id = p_org_id and lower(email) = any (p_identifiers) and status = 'pending';
    delete from private.directory where kind = 'invited_email' and key = any (p_identifiers) and org_id = p_org_id;

    update public.profiles
    set status = 'inactive', updated_at = now()
    where org_id = p_org_id and id = p_user_id and status <> 'inactive';
    delete from auth.users u
    using private.directory d
    where u.id = p_user_id and d.kind = 'user' and d.key = p_user_id::text and d.org_id = p_org_id;
end
$$;

revoke execute on function private.end_membership(uuid, uuid, text[]) from public, anon, authenticated, service_role;
