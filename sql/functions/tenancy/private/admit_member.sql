-- Makes an account a member of an organisation, or a former member one again: profile, directory, claim.
--
-- The directory says which organisation an account belongs to now; a profile it left behind elsewhere stays inactive. The
-- caller has made sure that no other organisation has it as a member, and holds the account's row where that could change.
-- Locks: the profile, then the directory row, then the account.
create or replace function private.admit_member(p_org_id uuid, p_user_id uuid, p_role text, p_full_name text default null)
returns public.profiles
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user auth.users;
    v_profile public.profiles;
begin
    select * into strict v_user from auth.users u where u.id = p_user_id;

    insert into public.profiles as p (org_id, id, email, full_name, role)
    values (
        p_org_id,
        p_user_id,
        left(v_user.email, 254),
        coalesce(
            private.label(p_full_name),
            private.label(v_user.raw_user_meta_data ->> 'full_name'),
            private.label(v_user.raw_user_meta_data ->> 'name')),
        p_role)
    on conflict (org_id, id) do update
        set role = excluded.role,
            status = 'active',
            email = excluded.email,
            full_name = coalesce(p.full_name, excluded.full_name),
            updated_at = now()
    returning p.* into v_profile;

    insert into private.directory as d (kind, key, org_id)
    values ('user', p_user_id::text, p_org_id)
    on conflict (kind, key) do update set org_id = excluded.org_id where d.org_id <> excluded.org_id;

    perform private.stamp_org(p_user_id, p_org_id);
    return v_profile;
end
$$;

revoke execute on function private.admit_member(uuid, uuid, text, text) from public, anon, authenticated, service_role;
