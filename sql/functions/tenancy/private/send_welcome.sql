-- Puts the welcome email on record: once for an account in an organisation, and not at all without an address to write to.
create or replace function private.send_welcome(p_org_id uuid, p_user_id uuid)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.send_email(
        p_org_id, p.email, 'welcome',
        jsonb_build_object('full_name', coalesce(p.full_name, split_part(p.email, '@', 1)), 'organization_name', o.name),
        'welcome:' || p_user_id)
    from public.profiles p
    join public.organizations o on o.id = p.org_id
    where p.org_id = p_org_id and p.id = p_user_id and p.email is not null;
$$;

revoke execute on function private.send_welcome(uuid, uuid) from public, anon, authenticated, service_role;
