-- What the caller's organisation used in a period, calls and purchases, and the tax contained in it, by kind and by the
-- rate that was in force when the ledger's row was written.
--
-- Our prices contain the tax. It is worked out once for each sum, not for each line: gross * percent / (100 + percent),
-- rounded to the nearest penny, half a penny away from zero. Net is the rest, so net and tax make up gross to the
-- penny.
create or replace function private.statement_vat(p_period tstzrange)
returns public.wallet_statement_vat[]
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with used as (
        select e.kind, r.percent, -sum(e.amount_pence)::bigint as gross
        from (
            select private.entry_kind(t) as kind, t.amount_pence, t.created_at
            from public.credit_transactions t
            where t.org_id = (select private.member_org_id())
              and t.created_at >= lower(p_period) and t.created_at < upper(p_period)) as e
        cross join lateral (
            select coalesce((
                select v.percent from public.vat_rates v
                where v.effective_from <= e.created_at
                order by v.effective_from desc limit 1), 0) as percent) as r
        where e.kind in ('call', 'purchase')
        group by e.kind, r.percent
    )
    select coalesce(array_agg(
        (u.kind, u.percent, u.gross, u.gross - t.vat, t.vat)::public.wallet_statement_vat order by u.kind, u.percent), '{}')
    from used u
    cross join lateral (select round(u.gross * u.percent / (100 + u.percent))::bigint as vat) as t;
$$;

revoke execute on function private.statement_vat(tstzrange) from public, anon, authenticated, service_role;
grant execute on function private.statement_vat(tstzrange) to authenticated;
