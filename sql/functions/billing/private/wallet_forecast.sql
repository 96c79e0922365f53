-- How long p_available_pence lasts the caller's organisation at the pace of the last 14 days, or of as many as there are.
--
-- Counts what calls and purchases cost, less what was given back for them; the conditions are those of private.entry_kind(),
-- written out because this is read with every /api/me. A day costs its average, rounded up to a penny. When nothing was spent there
-- is no pace and nothing to foretell: NULL. Nothing is foretold further than a century.
create or replace function private.wallet_forecast(p_available_pence bigint, p_now timestamptz default now())
returns public.wallet_forecast
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with age as (
        select least(
            14, greatest(1, ceil(extract(epoch from p_now - private.ledger_begins_at()) / 86400)))::integer as days
    ),
    spent as (
        select a.days, greatest(coalesce((
            select -sum(t.amount_pence)
            from public.credit_transactions t
            where t.org_id = (select private.member_org_id())
              and t.created_at > p_now - interval '14 days' and t.created_at <= p_now
              and (t.type = 'deduction'
                   or (t.call_id is not null and t.type in ('adjustment', 'refund'))
                   or (t.type = 'refund' and t.stripe_object_id is null and t.amount_pence > 0))), 0), 0)::bigint as pence
        from age a
    ),
    pace as (
        select s.days, s.pence, c.pence as pence_per_day, greatest(p_available_pence, 0)::numeric / c.pence as lasts
        from spent s
        cross join lateral (select (nullif(s.pence, 0) + s.days - 1) / s.days as pence) as c
    )
    select (
        p.days, p.pence, p.pence_per_day, case when p.lasts is not null then least(floor(p.lasts), 36500) end::integer,
        case when p.lasts is not null then p_now + least(p.lasts, 36500)::double precision * interval '1 day' end
    )::public.wallet_forecast
    from pace p;
$$;

revoke execute on function private.wallet_forecast(bigint, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.wallet_forecast(bigint, timestamptz) to authenticated, service_role;
