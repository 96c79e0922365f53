-- The payments of an organisation since a moment: which are in the ledger, and of which an event said that they were paid.
--
-- One whose other half is older than the moment counts as having it.
create or replace function private.matched_payments(p_org_id uuid, p_since timestamptz)
returns table (payment_intent text, amount_pence bigint, at timestamptz, credited boolean, told boolean)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with told as (
        select private.stripe_payment_of(o.object) as payment_intent, min(e.received_at) as at,
               max(private.stripe_amount(coalesce(o.object -> 'amount_received', o.object -> 'amount_total'))) as amount_pence
        from public.processed_stripe_webhooks e
        cross join lateral (select e.event_data #> '{data,object}' as object) as o
        where e.org_id = p_org_id
          and (e.event_type = 'payment_intent.succeeded'
               or (e.event_type in ('checkout.session.completed', 'checkout.session.async_payment_succeeded')
                   and o.object ->> 'payment_status' = 'paid'))
        group by 1
    ),
    credited as (
        select t.stripe_payment_intent_id as payment_intent, t.created_at as at, t.amount_pence
        from public.credit_transactions t
        where t.org_id = p_org_id and t.stripe_payment_intent_id is not null
    )
    select payment_intent, coalesce(c.amount_pence, e.amount_pence), coalesce(c.at, e.at), c.at is not null, e.at is not null
    from credited c
    full join told e using (payment_intent)
    where coalesce(c.at, e.at) >= p_since;
$$;

revoke execute on function private.matched_payments(uuid, timestamptz) from public, anon, authenticated, service_role;
