-- Every member reads the wallet.
--
-- Caught by: pgtap/billing/credit_wallets.sql
drop policy credit_wallets_select_member on public.credit_wallets;
create policy credit_wallets_select_member on public.credit_wallets
    for select to authenticated using (org_id = (select private.member_org_id()));
