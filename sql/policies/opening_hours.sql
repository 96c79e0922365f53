-- Members read when patients are seen.
alter table public.opening_hours enable row level security;
alter table public.opening_hours force row level security;
revoke all on public.opening_hours from public, anon, authenticated, service_role;
grant select on public.opening_hours to authenticated, service_role;

drop policy if exists opening_hours_select_member on public.opening_hours;
create policy opening_hours_select_member on public.opening_hours
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'appointments:read')));

drop policy if exists opening_hours_select_service on public.opening_hours;
create policy opening_hours_select_service on public.opening_hours
    for select to service_role
    using (true);
