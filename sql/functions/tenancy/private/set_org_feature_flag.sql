-- The work of public.set_org_feature_flag().
--
-- Raises 403 not_allowed, 404 organization_not_found, 404 feature_flag_not_found.
create or replace function private.set_org_feature_flag(p_org_id uuid, p_name text, p_enabled boolean)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.set_org_feature_flag');
    if not exists (select from public.organizations o where o.id = p_org_id) then
        perform private.fail('organization_not_found');
    end if;
    if not exists (select from public.feature_flags f where f.name = p_name) then
        perform private.fail('feature_flag_not_found');
    end if;

    if p_enabled is null then
        delete from public.org_feature_flags where org_id = p_org_id and name = p_name;
    else
        insert into public.org_feature_flags (org_id, name, enabled)
        values (p_org_id, p_name, p_enabled)
        on conflict (org_id, name) do update set enabled = excluded.enabled, updated_at = now();
    end if;
end
$$;

revoke execute on function private.set_org_feature_flag(uuid, text, boolean) from public, anon, authenticated, service_role;
grant execute on function private.set_org_feature_flag(uuid, text, boolean) to service_role;
