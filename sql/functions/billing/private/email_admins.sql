-- Writes to every active admin of an organisation, once for a key. The organisation's name is among the parameters.
create or replace function private.email_admins(p_org_id uuid, p_template text, p_params jsonb, p_key text)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.send_email(
        p_org_id, p.email, p_template, jsonb_build_object('organization_name', o.name) || p_params, p_key || ':' || p.id)
    from public.profiles p
    join public.organizations o on o.id = p.org_id
    where p.org_id = p_org_id and p.role = 'admin' and p.status = 'active' and p.email is not null
    order by p.id;
$$;

revoke execute on function private.email_admins(uuid, text, jsonb, text) from public, anon, authenticated, service_role;
