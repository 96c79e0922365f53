-- Every member reads the organisation's services.
alter table public.services enable row level security;
alter table public.services force row level security;
revoke all on public.services from public, anon, authenticated, service_role;
grant select on public.services to authenticated, service_role;

drop policy if exists services_select_member on public.services;
create policy services_select_member on public.services
    for select to authenticated
    using (org_id = (select private.member_org_id()));

drop policy if exists services_select_service on public.services;
create policy services_select_service on public.services
    for select to service_role
    using (true);
