-- Computed field of an organisation row: how far the wallet may go below zero, NULL to those who may not read the wallet.
--
-- Part of a table read, so the table's policies decide and nothing is raised.
create or replace function public.debt_limit_pence(p_organization public.organizations)
returns bigint
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select w.debt_limit_pence from public.credit_wallets w where w.org_id = p_organization.id;
$$;

revoke execute on function public.debt_limit_pence(public.organizations) from public, anon, authenticated, service_role;
grant execute on function public.debt_limit_pence(public.organizations) to authenticated, service_role;
