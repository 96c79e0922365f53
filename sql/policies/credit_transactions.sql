-- Managers and admins read the ledger.
alter table public.credit_transactions enable row level security;
alter table public.credit_transactions force row level security;
revoke all on public.credit_transactions from public, anon, authenticated, service_role;
grant select on public.credit_transactions to authenticated, service_role;

drop policy if exists credit_transactions_select_member on public.credit_transactions;
create policy credit_transactions_select_member on public.credit_transactions
    for select to authenticated
    using (org_id = (select private.member_org_id()) and (select private.has_role('manager', 'wallet:read')));

drop policy if exists credit_transactions_select_service on public.credit_transactions;
create policy credit_transactions_select_service on public.credit_transactions
    for select to service_role
    using (true);
