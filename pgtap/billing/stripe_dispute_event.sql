begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(16);

select tests.org('Smile') as org \gset
select tests.stripe_customer(:'org') as customer, 'pi_d' || substr(:'org', 1, 8) as pi \gset
create function pg_temp.dispute(p_what text, p_pi text, p_more jsonb default '{}') returns text language sql as $$
    select tests.hear_stripe('charge.dispute.' || p_what, jsonb_build_object(
        'object', 'dispute', 'id', 'dp_' || p_pi, 'payment_intent', p_pi, 'charge', 'ch_' || p_pi, 'amount', 3000, 'currency', 'gbp',
        'reason', 'fraudulent', 'status', case p_what when 'closed' then 'won' else 'needs_response' end, 'metadata', '{}'::jsonb) || p_more);
$$;
create function pg_temp.net(p_org uuid, p_pi text) returns bigint language sql as $$
    select coalesce(sum(t.amount_pence), 0)::bigint from public.credit_transactions t
    where t.org_id = p_org and (t.stripe_payment_intent_id = p_pi or t.stripe_object_id = 'dp_' || p_pi);
$$;
select is(pg_temp.dispute('created', :'pi'), 'failed: Nobody here knows its customer or its payment.', 'a dispute of a payment nobody knows');
select tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi', 5000)) as credited \gset

select is(pg_temp.dispute('created', :'pi', '{"status": "warning_needs_response"}'), 'processed', 'an inquiry');
select is(pg_temp.net(:'org', :'pi'), 5000::bigint, 'moves no money');
select is(count(*), 1::bigint, 'but the operator hears of it') from private.alerts where org_id = :'org' and kind = 'dispute_created';
select is(pg_temp.dispute('funds_withdrawn', :'pi'), 'processed', 'what Stripe takes');
select is(pg_temp.net(:'org', :'pi'), 2000::bigint, 'leaves the wallet');
select results_eq(
    format($$ select type, amount_pence, stripe_object_id from public.credit_transactions where org_id = %L and idempotency_key = 'dispute_withdrawn:dp_' || %L $$, :'org', :'pi'),
    format($$ values ('adjustment', -3000::bigint, 'dp_' || %L) $$, :'pi'), 'as an adjustment that names the dispute');
select is(pg_temp.dispute('funds_withdrawn', :'pi'), 'duplicate', 'once');
select is(pg_temp.dispute('funds_reinstated', :'pi'), 'processed', 'what it gives back');
select is(pg_temp.net(:'org', :'pi'), 5000::bigint, 'is the wallet''s again');
select is(pg_temp.dispute('funds_reinstated', :'pi'), 'duplicate', 'once');
select is(pg_temp.dispute('closed', :'pi'), 'processed', 'its end');
select pg_temp.dispute('created', :'pi');
select is(status, 'won', 'is the end, though an older event comes later') from private.stripe_disputes where org_id = :'org' and dispute_id = 'dp_' || :'pi';
select is(pg_temp.net(:'org', :'pi'), 5000::bigint, 'and moves no money');
select is(pg_temp.dispute('funds_withdrawn', :'pi' , '{"currency": "usd"}'), 'failed: It names no payment, or no amount in pounds.');

create function pg_temp.nets(p_org uuid) returns setof bigint language plpgsql as $$
declare
    v_order integer[];
    v_step integer;
    v_n integer := 0;
    v_pi text;
begin
    for v_order in
        select array[a, b, c, d] from generate_series(1, 4) a, generate_series(1, 4) b, generate_series(1, 4) c, generate_series(1, 4) d
        where (select count(distinct x) from unnest(array[a, b, c, d]) x) = 4
    loop
        v_n := v_n + 1;
        v_pi := format('pi_o%s_%s', v_n, substr(p_org::text, 1, 8));
        perform private.claim_stripe_object('stripe_payment_intent', v_pi, p_org);
        foreach v_step in array v_order || v_order[2:3] loop
            perform case v_step
                when 1 then tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(p_org, v_pi, 5000))
                else pg_temp.dispute((array['', 'created', 'funds_withdrawn', 'funds_reinstated'])[v_step], v_pi) end;
            if pg_temp.net(p_org, v_pi) not in (0, 2000, 5000) then
                raise exception 'After % of %: %', v_step, v_order, pg_temp.net(p_org, v_pi) using errcode = 'XX000';
            end if;
        end loop;
        return next pg_temp.net(p_org, v_pi);
    end loop;
end $$;
select results_eq(format('select n, count(*) from pg_temp.nets(%L) n group by n', :'org'), 'values (5000::bigint, 24::bigint)',
    'payment, dispute, withdrawal and return in each of their 24 orders: the same net, and never more than was paid on the way');

select * from finish();
rollback;
