-- What the ledger of the caller's organisation adds up to in a period, for each kind, as it stands there: what was
-- spent is negative.
create or replace function private.statement_totals(p_period tstzrange)
returns public.wallet_statement_total[]
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select array_agg((k.kind, coalesce(s.entries, 0), coalesce(s.pence, 0))::public.wallet_statement_total order by k.place)
    from unnest('{topup,call,purchase,refund,bonus,adjustment}'::text[]) with ordinality as k (kind, place)
    left join (
        select private.entry_kind(t) as kind, count(*) as entries, sum(t.amount_pence)::bigint as pence
        from public.credit_transactions t
        where t.org_id = (select private.member_org_id())
          and t.created_at >= lower(p_period) and t.created_at < upper(p_period)
        group by 1) as s on s.kind = k.kind;
$$;

revoke execute on function private.statement_totals(tstzrange) from public, anon, authenticated, service_role;
grant execute on function private.statement_totals(tstzrange) to authenticated;
