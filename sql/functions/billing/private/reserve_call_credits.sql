-- Takes a hold on the wallet for a call that is about to start, or refuses it and says why.
--
-- A call is let in when the wallet is active, the organisation is under its limit of calls at once and its monthly cap, a
-- minute is available, and a cap of two minutes is left: the cap is what the provider enforces by itself, so that with this
-- whole system dead all calls together cost no more than balance and debt limit. Five minutes are held, or what there is.
-- p_max_call_seconds counts between two minutes and 55. Asked again for the same call, the first answer is given.
--
-- Locks: the wallet, the reservation; then what private.wallet_moved() locks. Raises 404 organization_not_found,
-- 409 call_of_another_organization.
create or replace function private.reserve_call_credits(
    p_org_id uuid, p_call_id uuid, p_max_call_seconds integer default 600, p_vapi_call_id text default null,
    p_now timestamptz default now()
)
returns private.call_admission
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wallet constant public.credit_wallets := private.lock_wallet(p_org_id);
    v_rate constant public.billing_rates := private.current_rate(p_now);
    v_answer constant private.call_admission := private.first_admission(p_org_id, p_call_id);
    v_available constant bigint := v_wallet.balance_pence - v_wallet.held_pence;
    v_month_left constant bigint := private.month_left_pence(v_wallet, p_now);
    v_cap_pence bigint;
    v_reason text;
begin
    if v_answer.call_id is not null then
        return v_answer;
    end if;

    v_cap_pence := least(
        ceil(least(greatest(coalesce(p_max_call_seconds, 600), 120), 3300) * v_rate.pence_per_minute / 60.0)::bigint,
        v_wallet.balance_pence + v_wallet.debt_limit_pence - v_wallet.capped_pence);
    v_reason := case
        when exists (select from public.organizations o where o.id = p_org_id and o.suspended_at is not null)
            then 'organization_suspended'
        when v_wallet.status <> 'active' then 'wallet_suspended'
        when (select count(*) from public.credit_reservations r where r.org_id = p_org_id and r.cap_released_at is null)
             >= v_wallet.max_concurrent_calls then 'too_many_calls'
        when v_available < v_rate.pence_per_minute then 'insufficient_balance'
        when v_month_left < v_rate.pence_per_minute then 'monthly_cap_reached'
        when v_cap_pence < 2 * v_rate.pence_per_minute then 'cap_too_small'
    end;
    if v_reason is not null then
        return private.refuse_call(v_wallet, p_call_id, v_reason, p_now);
    end if;

    perform private.open_reservation(
        p_org_id, p_call_id, p_vapi_call_id, v_rate,
        least(private.hold_slice_pence(v_rate.pence_per_minute), v_available, v_cap_pence, v_month_left),
        v_cap_pence, p_now);
    perform private.wallet_moved(p_org_id, p_now);
    return private.first_admission(p_org_id, p_call_id);
end
$$;

revoke execute on function private.reserve_call_credits(uuid, uuid, integer, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.reserve_call_credits(uuid, uuid, integer, text, timestamptz) to service_role;
