-- Members read who sees patients.
alter table public.practitioners enable row level security;
alter table public.practitioners force row level security;
revoke all on public.practitioners from public, anon, authenticated, service_role;
grant select on public.practitioners to authenticated, service_role;

drop policy if exists practitioners_select_member on public.practitioners;
create policy practitioners_select_member on public.practitioners
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'appointments:read')));

drop policy if exists practitioners_select_service on public.practitioners;
create policy practitioners_select_service on public.practitioners
    for select to service_role
    using (true);
