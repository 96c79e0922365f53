-- Every member sees who else is in the organisation.
alter table public.profiles enable row level security;
alter table public.profiles force row level security;
revoke all on public.profiles from public, anon, authenticated, service_role;
grant select on public.profiles to authenticated, service_role;

drop policy if exists profiles_select_member on public.profiles;
create policy profiles_select_member on public.profiles
    for select to authenticated
    using (org_id = (select private.member_org_id()));

drop policy if exists profiles_select_service on public.profiles;
create policy profiles_select_service on public.profiles
    for select to service_role
    using (true);
