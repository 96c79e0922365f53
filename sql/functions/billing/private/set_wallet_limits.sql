-- The work of public.set_wallet_limits(). Limits decide who is let in from now on; calls under way go on.
--
-- Locks: the wallet; then what private.wallet_moved() locks.
--
-- Raises 422 amount_out_of_range, 422 unknown_field, 422 invalid_value, and what private.authorize() raises.
create or replace function private.set_wallet_limits(p_changes jsonb, p_now timestamptz default now())
returns public.wallet_state
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.set_wallet_limits');
    v_wrong record;
begin
    perform private.check_patch(p_changes, '{
        "monthly_cap_pence": "number?", "low_balance_alert_pence": "number?", "max_concurrent_calls": "number"}');
    select l.* into v_wrong
    from (values
        ('monthly_cap_pence', 0, 100000000), ('low_balance_alert_pence', 0, 100000000), ('max_concurrent_calls', 1, 1000)
    ) as l (field, least, most)
    cross join lateral (select p_changes ->> l.field as value) as c
    where c.value is not null
      and not (c.value::numeric = trunc(c.value::numeric) and c.value::numeric between l.least and l.most)
    limit 1;
    if found then
        perform private.fail('amount_out_of_range', to_jsonb(v_wrong));
    end if;

    perform private.lock_wallet(v_caller.org_id);
    update public.credit_wallets w set
        monthly_cap_pence = case when p_changes ? 'monthly_cap_pence'
            then (p_changes ->> 'monthly_cap_pence')::numeric::bigint else w.monthly_cap_pence end,
        low_balance_alert_pence = case when p_changes ? 'low_balance_alert_pence'
            then (p_changes ->> 'low_balance_alert_pence')::numeric::bigint else w.low_balance_alert_pence end,
        low_balance_told_at = case when not p_changes ? 'low_balance_alert_pence' then w.low_balance_told_at end,
        max_concurrent_calls = coalesce((p_changes ->> 'max_concurrent_calls')::numeric::integer, w.max_concurrent_calls),
        updated_at = p_now
    where w.org_id = v_caller.org_id;
    perform private.emit_event(v_caller.org_id, 'wallet.changed');
    perform private.wallet_moved(v_caller.org_id, p_now);
    return private.wallet_state(p_now);
end
$$;

revoke execute on function private.set_wallet_limits(jsonb, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.set_wallet_limits(jsonb, timestamptz) to authenticated;
