-- Members read what their agents were.
alter table public.agent_versions enable row level security;
alter table public.agent_versions force row level security;
revoke all on public.agent_versions from public, anon, authenticated, service_role;
grant select on public.agent_versions to authenticated, service_role;

drop policy if exists agent_versions_select_member on public.agent_versions;
create policy agent_versions_select_member on public.agent_versions
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'agents:read')));

drop policy if exists agent_versions_select_service on public.agent_versions;
create policy agent_versions_select_service on public.agent_versions
    for select to service_role
    using (true);
