-- Members read when nobody is seen.
alter table public.closures enable row level security;
alter table public.closures force row level security;
revoke all on public.closures from public, anon, authenticated, service_role;
grant select on public.closures to authenticated, service_role;

drop policy if exists closures_select_member on public.closures;
create policy closures_select_member on public.closures
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'appointments:read')));

drop policy if exists closures_select_service on public.closures;
create policy closures_select_service on public.closures
    for select to service_role
    using (true);
