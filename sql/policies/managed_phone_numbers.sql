-- Members read their organisation's numbers.
alter table public.managed_phone_numbers enable row level security;
alter table public.managed_phone_numbers force row level security;
revoke all on public.managed_phone_numbers from public, anon, authenticated, service_role;
grant select on public.managed_phone_numbers to authenticated, service_role;

drop policy if exists managed_phone_numbers_select_member on public.managed_phone_numbers;
create policy managed_phone_numbers_select_member on public.managed_phone_numbers
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'telephony:read')));

drop policy if exists managed_phone_numbers_select_service on public.managed_phone_numbers;
create policy managed_phone_numbers_select_service on public.managed_phone_numbers
    for select to service_role
    using (true);
