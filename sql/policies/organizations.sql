-- Members read their own organisation.
alter table public.organizations enable row level security;
alter table public.organizations force row level security;
revoke all on public.organizations from public, anon, authenticated, service_role;
grant select on public.organizations to authenticated, service_role;

drop policy if exists organizations_select_member on public.organizations;
create policy organizations_select_member on public.organizations
    for select to authenticated
    using (id = (select private.member_org_id()));

drop policy if exists organizations_select_service on public.organizations;
create policy organizations_select_service on public.organizations
    for select to service_role
    using (true);
