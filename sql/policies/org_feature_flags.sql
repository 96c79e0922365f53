-- Every member reads the organisation's own answers to flags.
alter table public.org_feature_flags enable row level security;
alter table public.org_feature_flags force row level security;
revoke all on public.org_feature_flags from public, anon, authenticated, service_role;
grant select on public.org_feature_flags to authenticated, service_role;

drop policy if exists org_feature_flags_select_member on public.org_feature_flags;
create policy org_feature_flags_select_member on public.org_feature_flags
    for select to authenticated
    using (org_id = (select private.member_org_id()));

drop policy if exists org_feature_flags_select_service on public.org_feature_flags;
create policy org_feature_flags_select_service on public.org_feature_flags
    for select to service_role
    using (true);
