-- The organisation stamped into a user's app_metadata, or NULL: for the security audit only.
create or replace function private.sign_in_org(p_user_id uuid)
returns uuid
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case
        when u.raw_app_meta_data ->> 'org_id' ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
        then (u.raw_app_meta_data ->> 'org_id')::uuid
    end
    from auth.users u
    where u.id = p_user_id;
$$;

revoke execute on function private.sign_in_org(uuid) from public, anon, authenticated, service_role;
