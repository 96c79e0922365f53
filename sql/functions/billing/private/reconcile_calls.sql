-- Does every call cost what its bill says, its bill what the best word on its end says, and does the ledger know of no
-- other call?
--
-- While the length of a settled call is unknown, its bill stands. Prices are worked out once for each length and rate:
-- that is what a ledger of a million rows asks for.
create or replace function private.reconcile_calls(p_org_id uuid)
returns table (check_name text, expected text, found text, drift bigint, detail text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with bills as materialized (
        select r.call_id, r.settled_at is not null as settled, r.committed_pence, r.postings,
               private.settled_seconds(r) as seconds, r.rate_pence_per_minute as rate
        from public.credit_reservations r
        where r.org_id = p_org_id
    ),
    prices as (
        select b.seconds, b.rate, private.charge_pence(b.seconds, b.rate) as pence
        from (select distinct seconds, rate from bills) as b
    ),
    posted as (
        select t.call_id, -sum(t.amount_pence)::bigint as pence, count(*) as entries,
               count(*) filter (where t.type = 'deduction') as deductions, min(t.seq) as seq
        from public.credit_transactions t
        where t.org_id = p_org_id and t.call_id is not null
        group by t.call_id
    ),
    calls as (
        select call_id, p.seq, coalesce(b.settled, false) as settled, coalesce(b.committed_pence, 0) as committed_pence,
               coalesce(c.pence, b.committed_pence) as due_pence, coalesce(b.postings, 0) as postings,
               coalesce(p.pence, 0) as posted_pence, coalesce(p.entries, 0) as entries, coalesce(p.deductions, 0) as deductions
        from bills b
        left join prices c on c.seconds = b.seconds and c.rate = b.rate
        full join posted p using (call_id)
    ),
    wrong as (
        select q.check_name, k.seq, k.call_id, q.said
        from (
            select c.* from calls c
            where c.posted_pence <> c.committed_pence or c.committed_pence <> c.due_pence or c.entries <> c.postings
               or c.deductions > 1 or not c.settled and (c.entries > 0 or c.committed_pence <> 0)
        ) as k
        cross join lateral (values
            ('call_charges', k.settled and (k.posted_pence <> k.committed_pence or k.committed_pence <> k.due_pence),
             format('%s posted, %s on its bill, %s by its evidence', k.posted_pence, k.committed_pence, k.due_pence)),
            ('calls_unsettled', not k.settled and (k.entries > 0 or k.committed_pence <> 0),
             format('%s posted, %s on its bill, and it is not settled', k.posted_pence, k.committed_pence)),
            ('call_deductions', k.deductions > 1, format('%s deductions', k.deductions)),
            ('call_postings', k.entries <> k.postings, format('%s entries, %s by its bill', k.entries, k.postings))
        ) as q (check_name, is_wrong, said)
        where q.is_wrong
    )
    select c.check_name, '0', count(w.call_id)::text, count(w.call_id),
           (array_agg(concat('call ' || w.call_id, ', entry ' || w.seq, ': ' || w.said) order by w.seq, w.call_id))[1]
    from (values (1, 'call_charges'), (2, 'calls_unsettled'), (3, 'call_deductions'), (4, 'call_postings'))
        as c (place, check_name)
    left join wrong w on w.check_name = c.check_name
    group by c.place, c.check_name
    order by c.place;
$$;

revoke execute on function private.reconcile_calls(uuid) from public, anon, authenticated, service_role;
