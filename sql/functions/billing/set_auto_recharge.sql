-- Whether the saved card is charged by itself, below what threshold, and how much at a time. Answers the wallet.
--
-- Turning it on forgets earlier declines and looks at once whether a charge is due. Turning it off keeps the figures
-- that are not given.
--
-- Raises 422 amount_out_of_range, 422 threshold_above_amount, 422 invalid_value, and what private.authorize() raises.
create or replace function public.set_auto_recharge(
    p_enabled boolean, p_threshold_pence bigint default null, p_amount_pence bigint default null)
returns public.wallet_state
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.set_auto_recharge(p_enabled, p_threshold_pence, p_amount_pence);
$$;

revoke execute on function public.set_auto_recharge(boolean, bigint, bigint) from public, anon, authenticated, service_role;
grant execute on function public.set_auto_recharge(boolean, bigint, bigint) to authenticated;
