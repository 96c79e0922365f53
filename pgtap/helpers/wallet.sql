-- An organisation's wallet as it stands, whoever asks.
create or replace function tests.wallet(p_org uuid)
returns public.credit_wallets
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select w from public.credit_wallets w where w.org_id = p_org;
$$;
