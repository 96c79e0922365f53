-- Members see which of their numbers rings where.
alter table public.phone_number_mapping enable row level security;
alter table public.phone_number_mapping force row level security;
revoke all on public.phone_number_mapping from public, anon, authenticated, service_role;
grant select on public.phone_number_mapping to authenticated, service_role;

drop policy if exists phone_number_mapping_select_member on public.phone_number_mapping;
create policy phone_number_mapping_select_member on public.phone_number_mapping
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('user', 'telephony:read')));

drop policy if exists phone_number_mapping_select_service on public.phone_number_mapping;
create policy phone_number_mapping_select_service on public.phone_number_mapping
    for select to service_role
    using (true);
