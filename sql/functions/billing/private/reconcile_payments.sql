-- Is every payment in the ledger once, with the amount Stripe named, and is everything there that top-ups and recharges
-- say was paid?
create or replace function private.reconcile_payments(p_org_id uuid)
returns table (check_name text, expected text, found text, drift bigint, detail text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with credits as (
        select t.stripe_payment_intent_id as payment_intent, count(*) as times, sum(t.amount_pence)::bigint as pence,
               min(t.seq) as seq
        from public.credit_transactions t
        where t.org_id = p_org_id and t.stripe_payment_intent_id is not null
        group by t.stripe_payment_intent_id
    ),
    said_paid as (
        select t.stripe_payment_intent_id as payment_intent, 'top-up ' || t.id as what
        from public.wallet_topups t
        where t.org_id = p_org_id and t.status = 'credited'
        union all
        select r.stripe_payment_intent_id, 'recharge ' || r.id
        from public.wallet_recharges r
        where r.org_id = p_org_id and r.status = 'succeeded'
    ),
    wrong as (
        select 'payments_credited_once' as check_name, c.seq, c.payment_intent,
               format('credited %s times', c.times) as said
        from credits c
        where c.times > 1
        union all
        select 'payment_amounts', c.seq, c.payment_intent,
               format('%s credited, Stripe named %s', c.pence, p.amount_pence)
        from credits c
        join private.stripe_payments p
            on p.org_id = p_org_id and p.stripe_payment_intent_id = c.payment_intent
        where c.times = 1 and p.amount_pence <> c.pence
        union all
        select 'payments_missing', null, s.payment_intent, s.what || ' is paid, and the ledger has no credit'
        from said_paid s
        where not exists (select from credits c where c.payment_intent = s.payment_intent)
    )
    select c.check_name, '0', count(w.said)::text, count(w.said),
           (array_agg(concat('payment ' || w.payment_intent, ', entry ' || w.seq, ': ' || w.said)
                      order by w.seq, w.payment_intent))[1]
    from (values (1, 'payments_credited_once'), (2, 'payment_amounts'), (3, 'payments_missing')) as c (place, check_name)
    left join wrong w on w.check_name = c.check_name
    group by c.place, c.check_name
    order by c.place;
$$;

revoke execute on function private.reconcile_payments(uuid) from public, anon, authenticated, service_role;
