-- Managers and admins read which calls were not let in.
alter table public.call_refusals enable row level security;
alter table public.call_refusals force row level security;
revoke all on public.call_refusals from public, anon, authenticated, service_role;
grant select on public.call_refusals to authenticated, service_role;

drop policy if exists call_refusals_select_member on public.call_refusals;
create policy call_refusals_select_member on public.call_refusals
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('manager', 'wallet:read')));

drop policy if exists call_refusals_select_service on public.call_refusals;
create policy call_refusals_select_service on public.call_refusals
    for select to service_role
    using (true);
