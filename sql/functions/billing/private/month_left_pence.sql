-- What calls may still cost this month, beside what is held already; without a monthly cap, more than anyone has.
create or replace function private.month_left_pence(p_wallet public.credit_wallets, p_now timestamptz)
returns bigint
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return case
        when p_wallet.monthly_cap_pence is null then 9223372036854775807
        else p_wallet.monthly_cap_pence - p_wallet.held_pence
             - case when p_wallet.spent_month = private.london_month(p_now) then p_wallet.spent_pence else 0 end
    end;
end
$$;

revoke execute on function private.month_left_pence(public.credit_wallets, timestamptz)
    from public, anon, authenticated, service_role;
