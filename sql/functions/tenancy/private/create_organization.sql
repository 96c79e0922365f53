-- Makes the organisation of someone who signs up by themselves: wallet, default services, and them as its admin.
--
-- What they wrote about themselves (user_metadata) names things and decides nothing. Called again it makes another one:
-- private.join_organization() knows whether one is due.
create or replace function private.create_organization(p_user_id uuid)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user auth.users;
    v_clinic_name text;
    v_org_id uuid;
begin
    select * into strict v_user from auth.users u where u.id = p_user_id;
    v_clinic_name := private.label(v_user.raw_user_meta_data ->> 'clinic_name');

    insert into public.organizations (name, clinic_name, email)
    values (
        coalesce(
            v_clinic_name,
            private.label(v_user.raw_user_meta_data ->> 'organization_name'),
            private.label(initcap(translate(split_part(v_user.email, '@', 1), '._+-', '    ')), 180) || '''s clinic',
            'New clinic'),
        v_clinic_name,
        left(v_user.email, 254))
    returning id into v_org_id;

    insert into public.credit_wallets (org_id) values (v_org_id);
    insert into public.services (org_id, name, price_pence, keywords)
    select v_org_id, d.name, d.price_pence, d.keywords from private.default_services d;

    perform private.admit_member(v_org_id, p_user_id, 'admin');
    return v_org_id;
end
$$;

revoke execute on function private.create_organization(uuid) from public, anon, authenticated, service_role;
