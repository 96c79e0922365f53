-- Considers again the recharges whose pause is over, a hundred wallets a run, and answers how many.
--
-- A wallet that is empty admits no call, so nothing else would move it. Locks: the wallets, passing over those someone else
-- holds; whoever holds one waits for no other.
create or replace function private.retry_recharges(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
    v_count integer := 0;
begin
    for v_org_id in
        select w.org_id from public.credit_wallets w
        where w.auto_recharge_enabled and w.recharge_blocked_until is not null and w.recharge_blocked_until <= p_now
        order by w.recharge_blocked_until
        limit 100
        for update skip locked
    loop
        update public.credit_wallets w set recharge_blocked_until = null where w.org_id = v_org_id;
        perform private.consider_recharge(v_org_id, p_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;

revoke execute on function private.retry_recharges(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.retry_recharges(timestamptz) to service_role;
