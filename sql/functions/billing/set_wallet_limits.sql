-- The limits an organisation sets itself: what calls may cost in a month, how many at once, and when to be told that the
-- wallet is low. Answers the wallet.
--
-- p_changes is a patch: a key that is absent stays, null lifts monthly_cap_pence and low_balance_alert_pence.
--
-- Raises 422 amount_out_of_range, 422 unknown_field, 422 invalid_value, and what private.authorize() raises.
create or replace function public.set_wallet_limits(p_changes jsonb)
returns public.wallet_state
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.set_wallet_limits(p_changes);
$$;

revoke execute on function public.set_wallet_limits(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.set_wallet_limits(jsonb) to authenticated;
