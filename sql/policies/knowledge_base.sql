-- Members read what their agents know.
alter table public.knowledge_base enable row level security;
alter table public.knowledge_base force row level security;
revoke all on public.knowledge_base from public, anon, authenticated, service_role;
grant select on public.knowledge_base to authenticated, service_role;

drop policy if exists knowledge_base_select_member on public.knowledge_base;
create policy knowledge_base_select_member on public.knowledge_base
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'knowledge:read')));

drop policy if exists knowledge_base_select_service on public.knowledge_base;
create policy knowledge_base_select_service on public.knowledge_base
    for select to service_role
    using (true);
