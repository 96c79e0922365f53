-- Members read their organisation's calls.
alter table public.calls enable row level security;
alter table public.calls force row level security;
revoke all on public.calls from public, anon, authenticated, service_role;
grant select on public.calls to authenticated, service_role;

drop policy if exists calls_select_member on public.calls;
create policy calls_select_member on public.calls
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'calls:read')));

drop policy if exists calls_select_service on public.calls;
create policy calls_select_service on public.calls
    for select to service_role
    using (true);
