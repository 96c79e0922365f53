-- Members of any organisation read the flags: they are the product's, not an organisation's.
alter table public.feature_flags enable row level security;
alter table public.feature_flags force row level security;
revoke all on public.feature_flags from public, anon, authenticated, service_role;
grant select on public.feature_flags to authenticated, service_role;

drop policy if exists feature_flags_select_member on public.feature_flags;
create policy feature_flags_select_member on public.feature_flags
    for select to authenticated
    using ((select private.member_org_id()) is not null);

drop policy if exists feature_flags_select_service on public.feature_flags;
create policy feature_flags_select_service on public.feature_flags
    for select to service_role
    using (true);
