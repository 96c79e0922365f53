-- Writes the organisation into the account's app_metadata, from which the next token takes its claim.
--
-- An account that carries it already is not written. Where the directory has another organisation for the account, the
-- trigger private.on_user_updated() puts that one back: change the directory first. Locks: the account.
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
