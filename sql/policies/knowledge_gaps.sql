-- Members read what their agents could not answer.
alter table public.knowledge_gaps enable row level security;
alter table public.knowledge_gaps force row level security;
revoke all on public.knowledge_gaps from public, anon, authenticated, service_role;
grant select on public.knowledge_gaps to authenticated, service_role;

drop policy if exists knowledge_gaps_select_member on public.knowledge_gaps;
create policy knowledge_gaps_select_member on public.knowledge_gaps
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'knowledge:read')));

drop policy if exists knowledge_gaps_select_service on public.knowledge_gaps;
create policy knowledge_gaps_select_service on public.knowledge_gaps
    for select to service_role
    using (true);
