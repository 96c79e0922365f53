-- Members read their organisation's appointments.
alter table public.appointments enable row level security;
alter table public.appointments force row level security;
revoke all on public.appointments from public, anon, authenticated, service_role;
grant select on public.appointments to authenticated, service_role;

drop policy if exists appointments_select_member on public.appointments;
create policy appointments_select_member on public.appointments
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'appointments:read')));

drop policy if exists appointments_select_service on public.appointments;
create policy appointments_select_service on public.appointments
    for select to service_role
    using (true);
