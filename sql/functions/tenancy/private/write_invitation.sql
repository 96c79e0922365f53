-- Writes an invitation and its email, for a caller who may: what inviting and adding a member have in common.
--
-- The unique index on open invitations decides between two admins inviting one email at once. The directory keeps the
-- organisation that invited an email first, as long as that invitation is open: another's cannot redirect the sign-up, and
-- works by its token. Locks: the open invitation of the email.
--
-- Raises 409 already_member, 422 invalid_value.
create or replace function private.write_invitation(
    p_caller private.caller, p_email text, p_role text, p_full_name text, p_now timestamptz default now())
returns public.org_invitations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_lifetime constant interval := interval '7 days';
    v_email constant text := lower(btrim(p_email));
    v_invitation public.org_invitations;
begin
    if v_email is null or p_role is null then
        perform private.fail('invalid_value', jsonb_build_object('field', case when v_email is null then 'email' else 'role' end));
    end if;
    perform private.check_person(p_email => v_email, p_role => p_role, p_full_name => p_full_name);
    if exists (select from public.profiles p
               where p.org_id = p_caller.org_id and lower(p.email) = v_email and p.status <> 'inactive') then
        perform private.fail('already_member');
    end if;

    update public.org_invitations
    set status = 'expired'
    where org_id = p_caller.org_id and lower(email) = v_email and status = 'pending' and expires_at <= p_now;

    insert into public.org_invitations as i (org_id, email, role, full_name, invited_by, expires_at, created_at)
    values (p_caller.org_id, v_email, p_role, private.label(p_full_name), p_caller.user_id, p_now + c_lifetime, p_now)
    on conflict (org_id, lower(email)) where status = 'pending' do nothing
    returning i.* into v_invitation;
    if v_invitation.id is null then
        select i.* into v_invitation
        from public.org_invitations i
        where i.org_id = p_caller.org_id and lower(i.email) = v_email and i.status = 'pending';
        return v_invitation;
    end if;

    if (private.open_invitation(v_email, p_now)).id is null then
        insert into private.directory as d (kind, key, org_id)
        values ('invited_email', v_email, p_caller.org_id)
        on conflict (kind, key) do update set org_id = excluded.org_id;
    end if;

    perform private.mail_invitation(p_caller, v_invitation);
    return v_invitation;
end
$$;

revoke execute on function private.write_invitation(private.caller, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
