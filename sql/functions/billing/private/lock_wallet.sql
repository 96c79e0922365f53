-- Takes the organisation's wallet for this transaction. Every movement of money begins with it.
--
-- Locks: the wallet, which is the first of all locks: then reservations, then the rest by id, effects last.
--
-- Raises 404 organization_not_found.
create or replace function private.lock_wallet(p_org_id uuid)
returns public.credit_wallets
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wallet public.credit_wallets;
begin
    select * into v_wallet from public.credit_wallets w where w.org_id = p_org_id for update;
    if not found then
        perform private.fail('organization_not_found');
    end if;
    return v_wallet;
end
$$;

revoke execute on function private.lock_wallet(uuid) from public, anon, authenticated, service_role;
