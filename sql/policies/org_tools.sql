-- Members read which tools their agents use.
alter table public.org_tools enable row level security;
alter table public.org_tools force row level security;
revoke all on public.org_tools from public, anon, authenticated, service_role;
grant select on public.org_tools to authenticated, service_role;

drop policy if exists org_tools_select_member on public.org_tools;
create policy org_tools_select_member on public.org_tools
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'agents:read')));

drop policy if exists org_tools_select_service on public.org_tools;
create policy org_tools_select_service on public.org_tools
    for select to service_role
    using (true);
