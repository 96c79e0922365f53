-- Did the ledger give back of each payment what private.stripe_payments says, and of each dispute what was taken and
-- given back?
--
-- Rows and payments find each other by the rows' keys: `refund:<payment>:…`, `refund_failed:<refund>`,
-- `dispute_withdrawn:<dispute>`, `dispute_reinstated:<dispute>`. A payment that is not in the ledger yet has no such
-- rows.
create or replace function private.reconcile_refunds(p_org_id uuid)
returns table (check_name text, expected text, found text, drift bigint, detail text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with refunds as (
        select coalesce(f.stripe_payment_intent_id, split_part(t.idempotency_key, ':', 2)) as payment_intent,
               -sum(t.amount_pence)::bigint as pence, min(t.seq) as seq
        from public.credit_transactions t
        left join private.stripe_failed_refunds f
            on f.org_id = p_org_id and t.idempotency_key = 'refund_failed:' || f.refund_id
        where t.org_id = p_org_id and t.type = 'refund' and t.stripe_object_id is not null
        group by 1
    ),
    disputes as (
        select m.key, m.pence
        from private.stripe_disputes d
        cross join lateral (values
            ('dispute_withdrawn:' || d.dispute_id, -d.amount_pence, d.withdrawn_at),
            ('dispute_reinstated:' || d.dispute_id, d.amount_pence, d.reinstated_at)
        ) as m (key, pence, at)
        where d.org_id = p_org_id and d.withdrawn_at is not null and m.at is not null and d.amount_pence > 0
          and private.payment_is_credited(p_org_id, d.stripe_payment_intent_id)
    ),
    moves as (
        select t.idempotency_key as key, t.amount_pence as pence, t.seq
        from public.credit_transactions t
        where t.org_id = p_org_id and t.type = 'adjustment' and t.idempotency_key ~ '^dispute_(withdrawn|reinstated):'
    ),
    wrong as (
        select 'refunds' as check_name, r.seq, 'payment ' || payment_intent as what,
               format('%s went back by the ledger, %s by its refunds', coalesce(r.pence, 0), coalesce(p.refunded_pence, 0)) as said
        from refunds r
        full join (
            select s.stripe_payment_intent_id as payment_intent, s.refunded_pence
            from private.stripe_payments s
            where s.org_id = p_org_id
        ) as p using (payment_intent)
        where coalesce(r.pence, 0) <> coalesce(p.refunded_pence, 0)
        union all
        select 'disputes', m.seq, key,
               format('%s in the ledger, %s by the dispute', coalesce(m.pence, 0), coalesce(d.pence, 0))
        from disputes d
        full join moves m using (key)
        where m.pence is distinct from d.pence
    )
    select c.check_name, '0', count(w.what)::text, count(w.what),
           (array_agg(concat(w.what, ', entry ' || w.seq, ': ' || w.said) order by w.seq, w.what))[1]
    from (values (1, 'refunds'), (2, 'disputes')) as c (place, check_name)
    left join wrong w on w.check_name = c.check_name
    group by c.place, c.check_name
    order by c.place;
$$;

revoke execute on function private.reconcile_refunds(uuid) from public, anon, authenticated, service_role;
