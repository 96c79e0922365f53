-- Members read the passages their agents quote.
alter table public.knowledge_base_chunks enable row level security;
alter table public.knowledge_base_chunks force row level security;
revoke all on public.knowledge_base_chunks from public, anon, authenticated, service_role;
grant select on public.knowledge_base_chunks to authenticated, service_role;

drop policy if exists knowledge_base_chunks_select_member on public.knowledge_base_chunks;
create policy knowledge_base_chunks_select_member on public.knowledge_base_chunks
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'knowledge:read')));

drop policy if exists knowledge_base_chunks_select_service on public.knowledge_base_chunks;
create policy knowledge_base_chunks_select_service on public.knowledge_base_chunks
    for select to service_role
    using (true);
