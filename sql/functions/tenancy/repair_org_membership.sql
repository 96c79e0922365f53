-- Gives every account that has lost its organisation, its profile or its claim what it lacks, and says what it did.
--
-- For the operator, at any time, again and again: accounts in good order are left alone. One that cannot be mended is
-- answered with the reason and does not stop the others.
create or replace function public.repair_org_membership()
returns table (user_id uuid, org_id uuid, problem text)
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select r.user_id, r.org_id, r.problem from private.repair_org_membership() as r;
$$;

revoke execute on function public.repair_org_membership() from public, anon, authenticated, service_role;
grant execute on function public.repair_org_membership() to service_role;
