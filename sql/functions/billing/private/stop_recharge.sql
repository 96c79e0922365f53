-- Turns auto-recharge off and tells the admins why, in the words of p_template. The caller holds the wallet.
create or replace function private.stop_recharge(p_org_id uuid, p_template text, p_key text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.credit_wallets w
    set auto_recharge_enabled = false
    where w.org_id = p_org_id and w.auto_recharge_enabled;
    if found then
        perform private.email_admins(p_org_id, p_template, '{}', p_key);
    end if;
end
$$;

revoke execute on function private.stop_recharge(uuid, text, text) from public, anon, authenticated, service_role;
