-- An operator suspends a wallet, which ends its calls at once and lets none start, or lifts that again.
--
-- A wallet past its debt limit is suspended anew, for debt. Locks: the wallet; then what private.wallet_moved() locks.
--
-- Raises 404 organization_not_found.
create or replace function private.set_wallet_suspension(
    p_org_id uuid, p_suspended boolean, p_now timestamptz default now()
)
returns public.credit_wallets
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wallet public.credit_wallets;
begin
    perform private.lock_wallet(p_org_id);
    update public.credit_wallets w set
        status = case when p_suspended then 'suspended' else 'active' end,
        suspended_by = case when p_suspended then 'operator' end,
        updated_at = p_now
    where w.org_id = p_org_id;
    perform private.wallet_moved(p_org_id, p_now);
    select * into strict v_wallet from public.credit_wallets w where w.org_id = p_org_id;
    return v_wallet;
end
$$;

revoke execute on function private.set_wallet_suspension(uuid, boolean, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.set_wallet_suspension(uuid, boolean, timestamptz) to service_role;
