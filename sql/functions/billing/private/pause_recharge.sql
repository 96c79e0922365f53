-- The saved card is left alone for an hour: it was declined, or its owner just got money back. The caller holds the wallet.
create or replace function private.pause_recharge(p_org_id uuid, p_now timestamptz)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    update public.credit_wallets w
    set recharge_blocked_until = greatest(w.recharge_blocked_until, p_now + interval '1 hour'), updated_at = p_now
    where w.org_id = p_org_id;
$$;

revoke execute on function private.pause_recharge(uuid, timestamptz) from public, anon, authenticated, service_role;
