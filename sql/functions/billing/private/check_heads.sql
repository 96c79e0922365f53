-- Which heads that were written down elsewhere ([{"org_id", "seq", "hash"}], hash in hex) the ledgers no longer have,
-- and why.
--
-- It sees what the chain alone does not: a tail that was cut off, or a ledger written anew, with the wallet's head made
-- to match.
create or replace function private.check_heads(p_heads jsonb)
returns table (org_id uuid, seq bigint, problem text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select h.org_id, h.seq, p.problem
    from jsonb_to_recordset(p_heads) as h (org_id uuid, seq bigint, hash text)
    left join public.credit_wallets w on w.org_id = h.org_id
    left join public.credit_transactions t on t.org_id = h.org_id and t.seq = h.seq
    cross join lateral (
        select case
            when w.org_id is null then 'the organisation has no wallet'
            when t.seq is null and w.entry_count < h.seq then format('the ledger ends at entry %s', w.entry_count)
            when t.seq is null then format('entry %s is gone', h.seq)
            when encode(t.entry_hash, 'hex') is distinct from h.hash then format('entry %s is not the one that was there', h.seq)
            when w.entry_count < h.seq then format('the wallet counts %s entries', w.entry_count)
        end
    ) as p (problem)
    where p.problem is not null
    order by h.org_id, h.seq;
$$;

revoke execute on function private.check_heads(jsonb) from public, anon, authenticated, service_role;
grant execute on function private.check_heads(jsonb) to service_role;
