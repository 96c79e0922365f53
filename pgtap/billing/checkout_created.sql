begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(23);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin \gset
create function pg_temp.answer(p_operation uuid, p_outcome text, p_session text, p_customer text) returns void language sql as $$
    select private.checkout_created(
        to_jsonb(e) || jsonb_build_object('ended_at', now(), 'last_error', 'no'), p_outcome,
        case when p_outcome = 'done' then jsonb_build_object(
            'customer', p_customer, 'session_id', p_session, 'url', 'https://pay.test/' || p_session, 'expires_at', 1) end)
    from private.effects e where e.id = p_operation;
$$;
select 'cus_c' || substr(:'org', 1, 8) as customer, 'cs_c' || substr(:'org', 1, 8) as cs, 'pi_c' || substr(:'org', 1, 8) as pi \gset
select tests.as_user(:'admin');
select id as op from public.start_topup(2500, '/dashboard/wallet') \gset
select id as op2 from public.start_topup(3000, '/dashboard/wallet') \gset
select id as op3 from public.start_topup(4000, '/dashboard/wallet') \gset
select tests.as_owner();

select pg_temp.answer(:'op', 'done', :'cs', :'customer');
select is(stripe_customer_id, :'customer', 'the organisation has a customer now') from public.organizations where id = :'org';
select results_eq(
    format($$ select kind, key from private.directory where org_id = %L and kind like 'stripe%%' order by 1 $$, :'org'),
    format($$ values ('stripe_checkout_session', %L), ('stripe_customer', %L) $$, :'cs', :'customer'), 'customer and session lead to it');
select tests.as_user(:'admin');
select results_eq(
    format($$ select url, session_id from public.topup_session(%L) $$, :'op'),
    format($$ values ('https://pay.test/' || %1$L, %1$L) $$, :'cs'), 'the page is there');
select tests.as_owner();
select is(status, 'open', 'and open') from public.wallet_topups where effect_id = :'op';
select is(count(*), 0::bigint, 'nobody is written to: who asked is waiting') from private.emails where org_id = :'org' and template = 'recharge_needs_owner';

select pg_temp.answer(:'op2', 'done', :'cs' || '2', :'customer' || 'b');
select is(stripe_customer_id, :'customer', 'a second customer does not take the first one''s place') from public.organizations where id = :'org';
select is(org_id, :'org', 'but is known as ours') from private.directory where kind = 'stripe_customer' and key = :'customer' || 'b';
select is(tests.hear_stripe('checkout.session.completed', tests.stripe_session(:'org', :'cs' || '2', :'pi' || '2', 3000, jsonb_build_object('customer', :'customer' || 'b'))),
    'processed', 'so what it pays is credited');

select pg_temp.answer(:'op3', 'dead', null, null);
select tests.as_user(:'admin');
select tests.throws_code(format('select public.topup_session(%L)', :'op3'), 'checkout_failed', 'a page that could not be had');
select tests.as_owner();
select is((private.topup_operation(t)).status, 'queued', 'an effect still there speaks for itself') from public.wallet_topups t where effect_id = :'op3';
delete from private.effects where id in (:'op', :'op3');
select is((private.topup_operation(t)).status, 'failed', 'a top-up says how its operation ended, though the effect is gone') from public.wallet_topups t where effect_id = :'op3';
select is((private.topup_operation(t)).status, 'done', 'or that it was done') from public.wallet_topups t where effect_id = :'op';
select throws_ok(
    format($$ select private.checkout_created(jsonb_build_object('payload', jsonb_build_object('org_id', %L, 'topup_id', gen_random_uuid()), 'ended_at', now()), 'done',
        jsonb_build_object('customer', %L, 'session_id', 'cs_z', 'url', 'https://pay.test')) $$, :'other', :'customer'),
    'XX000', null, 'another organisation''s customer is never taken over');

-- Paid.
select is(tests.hear_stripe('checkout.session.completed', tests.stripe_session(:'org', :'cs', :'pi', 2500)), 'processed', 'the page is paid');
select results_eq(
    format($$ select status, stripe_payment_intent_id from public.wallet_topups where stripe_session_id = %L $$, :'cs'),
    format($$ values ('credited', %L) $$, :'pi'), 'its top-up is credited');
select is(count(*), 1::bigint, 'and who began it gets a receipt') from private.emails e join public.profiles p on lower(p.email) = lower(e.recipient)
where e.org_id = :'org' and e.template = 'topup_credited' and p.id = :'admin' and e.text like '%£25.00%' || :'pi' || '%';
select is(tests.hear_stripe('checkout.session.expired', tests.stripe_session(:'org', :'cs', null, 2500, '{"payment_status": "unpaid"}')), 'processed', 'that it expired comes late');
select is(status, 'credited', 'and changes nothing') from public.wallet_topups where stripe_session_id = :'cs';

-- Not paid.
select tests.as_user(:'admin');
select id as op4 from public.start_topup(5000, '/dashboard/wallet') \gset
select tests.as_owner();
select pg_temp.answer(:'op4', 'done', :'cs' || '4', :'customer');
select is(tests.hear_stripe('checkout.session.async_payment_failed', tests.stripe_session(:'org', :'cs' || '4', :'pi' || '4', 5000, '{"payment_status": "unpaid"}')), 'processed', 'a payment under way fails');
select is(status, 'failed', 'so does its top-up') from public.wallet_topups where stripe_session_id = :'cs' || '4';
select is(tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '4', 5000,
    jsonb_build_object('metadata', (select jsonb_build_object('org_id', :'org', 'topup_id', id) from public.wallet_topups where stripe_session_id = :'cs' || '4')))),
    'processed', 'paid after all');
select is(status, 'credited', 'it is credited') from public.wallet_topups where stripe_session_id = :'cs' || '4';
select is(balance_pence, 10500::bigint, 'all three are in the wallet') from public.credit_wallets where org_id = :'org';

select * from finish();
rollback;
