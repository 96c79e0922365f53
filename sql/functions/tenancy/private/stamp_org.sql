-- Writes the organisation into the account's app_metadata, from which the next token takes its claim.
create or replace function private.stamp_org(p_user_id uuid, p_org_id uuid)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    update auth.users
    set raw_app_meta_data = coalesce(raw_app_meta_data, '{}') || jsonb_build_object('org_id', p_org_id)
    where id = p_user_id and raw_app_meta_data ->> 'org_id' is distinct from p_org_id::text;
$$;

revoke execute on function private.stamp_org(uuid, uuid) from public, anon, authenticated, service_role;
