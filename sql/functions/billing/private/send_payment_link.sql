-- Begins a checkout for a recharge whose card needs its owner; private.checkout_created() sends its link.
--
-- Not while another such link for the same amount still holds: Stripe's pages do for a day.
create or replace function private.send_payment_link(p_recharge public.wallet_recharges, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from public.wallet_topups t
        where t.org_id = p_recharge.org_id and t.origin = 'recharge' and t.status in ('new', 'open')
          and t.amount_pence = p_recharge.amount_pence and t.created_at > p_now - interval '23 hours') then
        return;
    end if;
    perform private.begin_checkout(
        p_recharge.org_id, p_recharge.amount_pence, 'recharge', '/dashboard/wallet', 'recharge:' || p_recharge.id, null, p_now);
end
$$;

revoke execute on function private.send_payment_link(public.wallet_recharges, timestamptz)
    from public, anon, authenticated, service_role;
