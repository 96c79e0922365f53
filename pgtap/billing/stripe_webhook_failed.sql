begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(26);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select 'pi_w' || substr(:'org', 1, 8) as pi \gset
create function pg_temp.take_in(p_event text, p_type text, p_object jsonb) returns uuid language sql as $$
    select w.id from private.ingest_webhook('stripe', p_event, p_type, '{}', convert_to(jsonb_build_object(
        'id', p_event, 'object', 'event', 'type', p_type, 'data', jsonb_build_object('object', p_object))::text, 'UTF8')) w;
$$;
create function pg_temp.alerts(p_org uuid, p_kind text) returns bigint language sql as $$
    select coalesce(sum(1 + a.suppressed), 0) from private.alerts a where a.org_id is not distinct from p_org and a.kind = p_kind;
$$;
create function pg_temp.balance(p_org uuid) returns bigint language sql as $$
    select w.balance_pence from public.credit_wallets w where w.org_id = p_org;
$$;

-- Not known yet.
select pg_temp.take_in('evt_early' || :'pi', 'payment_intent.succeeded',
    tests.stripe_intent(:'org', :'pi', 2500, jsonb_build_object('customer', 'cus_' || replace(:'org', '-', '')))) as early \gset
select pg_temp.alerts(null, 'stripe_event_failed') as before \gset
select is(private.process_webhook(:'early'), 'failed', 'a payment of a customer nobody knows yet is kept');
select is(pg_temp.alerts(null, 'stripe_event_failed'), :'before'::bigint + 1, 'and told to the operator');
select results_eq(
    format($$ select state, attempts, next_attempt_at > now(), last_error, finished_at from private.webhook_inbox where id = %L $$, :'early'),
    $$ values ('failed', 1, true, 'Nobody here knows its customer or its payment.', null::timestamptz) $$, 'it is tried again, and says why');
select is(private.process_webhook(:'early'), 'failed', 'again');
select is(pg_temp.alerts(null, 'stripe_event_failed'), :'before'::bigint + 1, 'without another alert');
select is(attempts, 2, 'it goes the way of every failure') from private.webhook_inbox where id = :'early';
select is(pg_temp.balance(:'org'), 0::bigint, 'no money moved');
select is(status, 'failed', 'the event is noted') from public.processed_stripe_webhooks where event_id = 'evt_early' || :'pi';
select tests.stripe_customer(:'org') as customer, tests.stripe_customer(:'other') as other_customer \gset
select ok(private.retry_webhooks(now() + interval '2 hours') >= 1, 'once the customer is known');
select is(state, 'processed', 'it is processed') from private.webhook_inbox where id = :'early';
select is(pg_temp.balance(:'org'), 2500::bigint, 'and the money is there: nothing was lost');
select is(org_id, :'org', 'filed under its organisation') from private.webhook_inbox where id = :'early';
select is(private.process_webhook(:'early'), 'processed', 'processed is processed');

-- Never.
select pg_temp.take_in('evt_other' || :'pi', 'payment_intent.succeeded',
    tests.stripe_intent(:'org', :'pi' || '2', 2500, jsonb_build_object('metadata', jsonb_build_object('org_id', :'other')))) as parked \gset
select is(private.process_webhook(:'parked'), 'dead', 'a payment whose metadata names another organisation is parked at once');
select is(pg_temp.alerts(:'org', 'stripe_event_parked'), 1::bigint, 'and told to the operator');
select results_eq(
    format($$ select state, attempts, last_error, org_id, finished_at from private.webhook_inbox where id = %L $$, :'parked'),
    format($$ values ('dead', 1, 'Its metadata names another organisation than its customer or payment.', %L::uuid, null::timestamptz) $$, :'org'), 'it says why');
select is(pg_temp.balance(:'org') + pg_temp.balance(:'other'), 2500::bigint, 'no money moved');
select private.retry_webhooks(now() + interval '9 days');
select private.cleanup_old_webhook_events(now() + interval '900 days');
select is(state, 'dead', 'only a person moves it') from private.webhook_inbox where id = :'parked';
select is((private.replay_webhook(:'parked')).state, 'dead', 'who may look at it once more');
select is(pg_temp.alerts(:'org', 'stripe_event_parked'), 2::bigint, 'and hears of it once more');
select is((private.discard_webhook(:'parked')).state, 'discarded', 'or discard it');
select pg_temp.take_in('evt_usd' || :'pi', 'payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '3', 2500, '{"currency": "usd"}')) as dollars \gset
select is(private.process_webhook(:'dollars'), 'dead', 'so is one in another currency');

-- An early one that stays unknown.
select pg_temp.take_in('evt_never' || :'pi', 'payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '4', 2500, '{"customer": "cus_nobody"}')) as never \gset
select private.process_webhook(:'never', now() + n * interval '2 hours') from generate_series(1, 8) n;
select is(state, 'dead', 'one that stays unknown is a dead letter in the end') from private.webhook_inbox where id = :'never';
select is(private.process_webhook(:'never'), 'dead', 'and stays one, also when looked at by hand');
select is(pg_temp.balance(:'org'), 2500::bigint, 'without moving money');

-- An ordinary one.
select pg_temp.take_in('evt_fine' || :'pi', 'charge.succeeded', jsonb_build_object(
    'object', 'charge', 'id', 'ch_fine', 'customer', :'customer', 'payment_intent', :'pi', 'currency', 'gbp')) as fine \gset
select private.process_webhook(:'fine');
select is(org_id, :'org', 'what is processed is listed among all providers'' events') from public.processed_webhook_events where event_id = 'evt_fine' || :'pi';

select * from finish();
rollback;
