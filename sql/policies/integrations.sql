-- Managers and admins see what is connected and how it is.
alter table public.integrations enable row level security;
alter table public.integrations force row level security;
revoke all on public.integrations from public, anon, authenticated, service_role;
grant select on public.integrations to authenticated, service_role;

drop policy if exists integrations_select_member on public.integrations;
create policy integrations_select_member on public.integrations
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('manager', 'integrations:read')));

drop policy if exists integrations_select_service on public.integrations;
create policy integrations_select_service on public.integrations
    for select to service_role
    using (true);
