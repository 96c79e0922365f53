-- Makes an organisation through sign-up, with the admin that comes with it (see tests.admin). Returns its id.
create or replace function tests.org(p_name text default 'Clinic')
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user constant uuid := tests.sign_up(tests.email(p_name), jsonb_build_object('full_name', p_name || ' Admin'));
    v_org uuid;
begin
    select p.org_id into strict v_org from public.profiles p where p.id = v_user;
    update public.organizations o set name = p_name where o.id = v_org;
    return v_org;
end
$$;
