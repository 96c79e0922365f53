-- Managers and admins read how the saved card was charged.
alter table public.wallet_recharges enable row level security;
alter table public.wallet_recharges force row level security;
revoke all on public.wallet_recharges from public, anon, authenticated, service_role;
grant select on public.wallet_recharges to authenticated, service_role;

drop policy if exists wallet_recharges_select_member on public.wallet_recharges;
create policy wallet_recharges_select_member on public.wallet_recharges
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('manager', 'wallet:read')));

drop policy if exists wallet_recharges_select_service on public.wallet_recharges;
create policy wallet_recharges_select_service on public.wallet_recharges
    for select to service_role
    using (true);
