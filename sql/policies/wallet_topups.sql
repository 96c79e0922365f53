-- Managers and admins read which top-ups were begun.
alter table public.wallet_topups enable row level security;
alter table public.wallet_topups force row level security;
revoke all on public.wallet_topups from public, anon, authenticated, service_role;
grant select on public.wallet_topups to authenticated, service_role;

drop policy if exists wallet_topups_select_member on public.wallet_topups;
create policy wallet_topups_select_member on public.wallet_topups
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('manager', 'wallet:read')));

drop policy if exists wallet_topups_select_service on public.wallet_topups;
create policy wallet_topups_select_service on public.wallet_topups
    for select to service_role
    using (true);
