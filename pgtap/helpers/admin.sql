-- The first admin of an organisation: the user who signed up. Volatile, so that tests.admin(tests.org()) sees the new one.
create or replace function tests.admin(p_org uuid)
returns uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select p.id from public.profiles p where p.org_id = p_org and p.role = 'admin' order by p.created_at, p.id limit 1;
$$;
