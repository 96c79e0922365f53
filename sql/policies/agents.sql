-- Members read their organisation's agents.
alter table public.agents enable row level security;
alter table public.agents force row level security;
revoke all on public.agents from public, anon, authenticated, service_role;
grant select on public.agents to authenticated, service_role;

drop policy if exists agents_select_member on public.agents;
create policy agents_select_member on public.agents
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'agents:read')));

drop policy if exists agents_select_service on public.agents;
create policy agents_select_service on public.agents
    for select to service_role
    using (true);
