-- Do a wallet's sums of holds, caps and this month's calls say what its calls say? And may it stand as it stands?
--
-- The month of `spent` is that of the newest entry, in Europe/London. Holds never go beyond the balance: after every
-- movement they are cut to it, so `available` is below nothing only with the balance, and `purchases` shows that no
-- purchase took it there: what can is a settlement, a correction, a refund or a dispute.
create or replace function private.reconcile_holds(p_org_id uuid)
returns table (check_name text, expected text, found text, drift bigint, detail text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with wallet as (
        select w.balance_pence, w.held_pence, w.capped_pence, w.suspended_by, w.spent_month, w.spent_pence
        from public.credit_wallets w
        where w.org_id = p_org_id
    ),
    calls as (
        select coalesce(sum(r.reserved_pence) filter (where r.status = 'active'), 0)::bigint as held,
               coalesce(sum(r.cap_pence) filter (where r.cap_released_at is null), 0)::bigint as capped
        from public.credit_reservations r
        where r.org_id = p_org_id and (r.status = 'active' or r.cap_released_at is null)
    ),
    newest as (
        select private.london_month(t.created_at) as month
        from public.credit_transactions t
        where t.org_id = p_org_id
        order by t.seq desc
        limit 1
    ),
    spent as (
        select n.month, -coalesce(sum(t.amount_pence), 0)::bigint as pence
        from newest n
        left join public.credit_transactions t
            on t.org_id = p_org_id and t.call_id is not null
            and t.created_at >= n.month::timestamp at time zone 'Europe/London'
            and t.created_at < (n.month + interval '1 month') at time zone 'Europe/London'
        group by n.month
    ),
    purchases as (
        select count(*) as overdrawn, min(t.seq) as first
        from public.credit_transactions t
        where t.org_id = p_org_id and t.type = 'deduction' and t.call_id is null and t.balance_after_pence < 0
    )
    select c.check_name, c.expected, c.found, c.drift, c.detail
    from calls k
    cross join purchases p
    left join wallet w on true
    left join spent s on true
    cross join lateral (
        select case when w.spent_month is not distinct from s.month then coalesce(w.spent_pence, 0) else 0 end
    ) as m (spent)
    cross join lateral (values
        ('held', k.held::text, w.held_pence::text, coalesce(w.held_pence, 0) - k.held, null),
        ('capped', k.capped::text, w.capped_pence::text, coalesce(w.capped_pence, 0) - k.capped, null),
        ('spent', coalesce(s.pence, 0)::text, m.spent::text, m.spent - coalesce(s.pence, 0),
         format('calls of %s', coalesce(to_char(s.month, 'YYYY-MM'), 'no month'))),
        ('available', 'at most ' || greatest(w.balance_pence, 0), w.held_pence::text,
         greatest(coalesce(w.held_pence - greatest(w.balance_pence, 0), 0), 0), 'held beyond the balance'),
        ('purchases', '0', p.overdrawn::text, p.overdrawn, 'entry ' || p.first),
        ('debt_suspension', '0', w.balance_pence::text,
         (coalesce(w.suspended_by = 'debt' and w.balance_pence > 0, false))::integer::bigint,
         'suspended for a debt that is paid')
    ) as c (check_name, expected, found, drift, detail);
$$;

revoke execute on function private.reconcile_holds(uuid) from public, anon, authenticated, service_role;
