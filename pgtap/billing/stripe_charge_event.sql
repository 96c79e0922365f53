begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(23);

select tests.org('Smile') as org \gset
select tests.stripe_customer(:'org') as customer \gset
create function pg_temp.refunded(p_org uuid, p_pi text, p_total bigint, p_more jsonb default '{}') returns text language sql as $$
    select tests.hear_stripe('charge.refunded', jsonb_build_object(
        'object', 'charge', 'id', 'ch_' || p_pi, 'payment_intent', p_pi, 'customer', o.stripe_customer_id, 'amount', 5000,
        'amount_refunded', p_total, 'currency', 'gbp', 'metadata', '{}'::jsonb) || p_more)
    from public.organizations o where o.id = p_org;
$$;
create function pg_temp.failed(p_pi text, p_refund text, p_amount bigint) returns text language sql as $$
    select tests.hear_stripe('refund.failed', jsonb_build_object(
        'object', 'refund', 'id', p_refund || p_pi, 'payment_intent', p_pi, 'charge', 'ch_' || p_pi, 'amount', p_amount, 'currency', 'gbp',
        'status', 'failed', 'metadata', '{}'::jsonb));
$$;
-- Stripe's list of refunds, given to whoever asked for it last.
create function pg_temp.listed(p_org uuid, p_pi text, p_refunds jsonb) returns void language plpgsql as $$
declare v_effect private.effects;
begin
    for v_effect in delete from private.effects e where e.kind = 'stripe.refunds' and e.org_id = p_org and e.payload ->> 'payment_intent' = p_pi
                    returning e.* loop
        perform private.refunds_listed(to_jsonb(v_effect) || jsonb_build_object('ended_at', now()), 'done', jsonb_build_object('refunds', p_refunds));
    end loop;
end $$;
create function pg_temp.net(p_org uuid, p_pi text) returns bigint language sql as $$
    select coalesce(sum(t.amount_pence), 0)::bigint from public.credit_transactions t
    where t.org_id = p_org and (t.stripe_payment_intent_id = p_pi or t.stripe_object_id like '%' || p_pi || '%');
$$;
select 'pi_r' || substr(:'org', 1, 8) as pi \gset
select tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi', 5000)) as credited \gset

select is(pg_temp.refunded(:'org', :'pi', 1000), 'processed', 'part of a payment went back');
select is(pg_temp.net(:'org', :'pi'), 4000::bigint, 'and leaves the wallet');
select results_eq(
    format($$ select type, amount_pence, stripe_payment_intent_id, idempotency_key from public.credit_transactions where org_id = %L and stripe_object_id = 'ch_' || %L $$, :'org', :'pi'),
    format($$ values ('refund', -1000::bigint, null, 'refund:' || %L || ':1000') $$, :'pi'), 'as a refund that names the charge, not the payment');
select is(pg_temp.refunded(:'org', :'pi', 1000), 'duplicate', 'the same again');
select is(pg_temp.refunded(:'org', :'pi', 3500), 'processed', 'more of it');
select is(pg_temp.net(:'org', :'pi'), 1500::bigint, 'moves the difference');
select is(pg_temp.refunded(:'org', :'pi', 1000), 'duplicate', 'an older event that comes later moves nothing');
select is(pg_temp.refunded(:'org', :'pi', 5000), 'processed', 'all of it');
select is(pg_temp.net(:'org', :'pi'), 0::bigint, 'leaves nothing');
select is(pg_temp.refunded(:'org', :'pi', 5000, '{"currency": "eur"}'), 'failed: It names no refunded amount in pounds.');

-- A refund that comes back.
select 'pi_s' || substr(:'org', 1, 8) as pi \gset
select tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi', 5000)) as credited \gset
select pg_temp.refunded(:'org', :'pi', 2000);
select is(pg_temp.failed(:'pi', 're_1', 2000), 'processed', 'a refund fails');
select is(pg_temp.net(:'org', :'pi'), 5000::bigint, 'and is the wallet''s again');
select is(pg_temp.failed(:'pi', 're_1', 2000), 'duplicate', 'once');
select pg_temp.refunded(:'org', :'pi', 2500);
select is(pg_temp.net(:'org', :'pi'), 5000::bigint, 'Stripe''s running total says nothing by itself any more');
select is(
    (select count(*) from private.effects where kind = 'stripe.refunds' and queue_key = 'refunds:' || :'pi' and state = 'ready'), 1::bigint,
    'the refunds are asked for, one after the other');
select pg_temp.listed(:'org', :'pi', jsonb_build_array(
    jsonb_build_object('id', 're_1' || :'pi', 'amount', 2000, 'status', 'failed'), jsonb_build_object('id', 're_2' || :'pi', 'amount', 2500, 'status', 'pending')));
select is(pg_temp.net(:'org', :'pi'), 2500::bigint, 'and what they say is posted');
select pg_temp.failed(:'pi', 're_2', 2500);
select is(pg_temp.net(:'org', :'pi'), 5000::bigint, 'until another fails');
select pg_temp.listed(:'org', :'pi', jsonb_build_array(
    jsonb_build_object('id', 're_1' || :'pi', 'amount', 2000, 'status', 'failed'), jsonb_build_object('id', 're_2' || :'pi', 'amount', 2500, 'status', 'succeeded')));
select is(pg_temp.net(:'org', :'pi'), 5000::bigint, 'which an older list does not undo');

-- Before the payment itself is heard of.
select 'pi_t' || substr(:'org', 1, 8) as pi \gset
select is(pg_temp.refunded(:'org', :'pi', 1500), 'processed', 'a refund may be heard of before its payment');
select is(pg_temp.net(:'org', :'pi'), 0::bigint, 'what never came in does not go out');
select tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi', 5000)) as credited \gset
select is(pg_temp.net(:'org', :'pi'), 3500::bigint, 'until it does');
select is(stripe_object_id, 'ch_' || :'pi', 'and the row names the charge all the same') from public.credit_transactions where org_id = :'org' and idempotency_key = 'refund:' || :'pi' || ':1500';

-- Two refunds of which the second fails, and a third: whatever order the events come in, and however often.
create function pg_temp.nets(p_org uuid) returns setof bigint language plpgsql as $$
declare
    v_order integer[];
    v_n integer := 0;
    v_step integer;
    v_pi text;
begin
    for v_order in
        select array[a, b, c, d, e] from generate_series(1, 5) a, generate_series(1, 5) b, generate_series(1, 5) c, generate_series(1, 5) d, generate_series(1, 5) e
        where (select count(distinct x) from unnest(array[a, b, c, d, e]) x) = 5
    loop
        v_n := v_n + 1;
        v_pi := format('pi_o%s_%s', v_n, substr(p_org::text, 1, 8));
        foreach v_step in array v_order || v_order[2:3] loop
            case v_step
                when 1 then perform tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(p_org, v_pi, 5000));
                when 2 then perform pg_temp.refunded(p_org, v_pi, 1000);
                when 3 then perform pg_temp.refunded(p_org, v_pi, 1500);
                when 4 then perform pg_temp.failed(v_pi, 're_b', 500);
                when 5 then perform pg_temp.refunded(p_org, v_pi, 1700);
            end case;
        end loop;
        perform pg_temp.listed(p_org, v_pi, jsonb_build_array(
            jsonb_build_object('id', 're_a' || v_pi, 'amount', 1000, 'status', 'succeeded'),
            jsonb_build_object('id', 're_b' || v_pi, 'amount', 500, 'status', 'failed'),
            jsonb_build_object('id', 're_c' || v_pi, 'amount', 700, 'status', 'pending')));
        return next pg_temp.net(p_org, v_pi);
    end loop;
end $$;
select results_eq(format('select n, count(*) from pg_temp.nets(%L) n group by n', :'org'), 'values (3300::bigint, 120::bigint)',
    'five events in each of their 120 orders, two of them twice: the same net, as Stripe''s books have it');

select * from finish();
rollback;
