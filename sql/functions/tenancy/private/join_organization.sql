-- Gives an account its organisation: the one it has, else the one that invited its email, else a new one. Returns it.
--
-- Sign-up and repair are this same function: calling it again mends what is missing and changes nothing that is there. A
-- profile that went missing comes back as user, or as admin where the organisation would have none.
-- Locks: the account, so that two repairs make one organisation.
create or replace function private.join_organization(p_user_id uuid, p_now timestamptz default now())
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_email text;
    v_org_id uuid;
    v_invitation public.org_invitations;
begin
    select u.email::text into strict v_email from auth.users u where u.id = p_user_id for no key update;

    select d.org_id into v_org_id from private.directory d where d.kind = 'user' and d.key = p_user_id::text;
    if found then
        if not exists (select from public.profiles p where p.org_id = v_org_id and p.id = p_user_id) then
            perform private.admit_member(v_org_id, p_user_id, case
                when exists (select from public.profiles p
                             where p.org_id = v_org_id and p.role = 'admin' and p.status = 'active') then 'user'
                else 'admin'
            end);
        end if;
        perform private.stamp_org(p_user_id, v_org_id);
        return v_org_id;
    end if;

    v_invitation := private.open_invitation(v_email, p_now);
    if v_invitation.id is not null then
        return (private.use_invitation(v_invitation, p_user_id, p_now)).org_id;
    end if;
    return private.create_organization(p_user_id);
end
$$;

revoke execute on function private.join_organization(uuid, timestamptz) from public, anon, authenticated, service_role;
