-- The first admin of an organisation: the user who signed up.
create or replace function tests.admin(p_org uuid)
returns uuid
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select p.id from public.profiles p where p.org_id = p_org and p.role = 'admin' order by p.created_at, p.id limit 1;
$$;
