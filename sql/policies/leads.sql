-- Members read their organisation's leads.
alter table public.leads enable row level security;
alter table public.leads force row level security;
revoke all on public.leads from public, anon, authenticated, service_role;
grant select on public.leads to authenticated, service_role;

drop policy if exists leads_select_member on public.leads;
create policy leads_select_member on public.leads
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'contacts:read')));

drop policy if exists leads_select_service on public.leads;
create policy leads_select_service on public.leads
    for select to service_role
    using (true);
