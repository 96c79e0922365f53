-- Managers and admins read the money.
alter table public.credit_wallets enable row level security;
alter table public.credit_wallets force row level security;
revoke all on public.credit_wallets from public, anon, authenticated, service_role;
grant select on public.credit_wallets to authenticated, service_role;

drop policy if exists credit_wallets_select_member on public.credit_wallets;
create policy credit_wallets_select_member on public.credit_wallets
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('manager', 'wallet:read')));

drop policy if exists credit_wallets_select_service on public.credit_wallets;
create policy credit_wallets_select_service on public.credit_wallets
    for select to service_role
    using (true);
