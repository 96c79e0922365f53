-- The questions about an organisation's money whose answer is always zero, a row each; `drift` is 0 where the answer is
-- right.
--
-- `expected` is what the rows come to, `found` what is written beside them, in pence or as a count; `detail` names what
-- `drift` speaks of, the first offender where rows are at fault. All of it is seen at one moment, without a lock.
-- Compiling the queries would take longer than most wallets do; a large one is sorted in memory.
--
-- Raises 404 organization_not_found.
create or replace function private.reconcile_wallet(p_org_id uuid)
returns table (check_name text, expected text, found text, drift bigint, detail text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
begin
    if not exists (select from public.organizations o where o.id = p_org_id) then
        perform private.fail('organization_not_found');
    end if;
    return query
        select r.check_name, r.expected, r.found, r.drift, case when r.drift <> 0 then r.detail end
        from (
            select * from private.reconcile_ledger(p_org_id)
            union all select * from private.reconcile_holds(p_org_id)
            union all select * from private.reconcile_calls(p_org_id)
            union all select * from private.reconcile_payments(p_org_id)
            union all select * from private.reconcile_refunds(p_org_id)
        ) as r;
end
$$;

revoke execute on function private.reconcile_wallet(uuid) from public, anon, authenticated, service_role;
grant execute on function private.reconcile_wallet(uuid) to service_role;
