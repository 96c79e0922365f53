begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

select tests.org('Smile') as org \gset
select 'evt_m' || :'org' as event \gset
select tests.as_service();
select is(public.is_stripe_event_processed(:'event'), false, 'an event nobody knows is not processed');
select is(public.mark_stripe_event_processed(:'event', 'charge.succeeded', :'org', '{"id": "x"}'), true, 'it can be marked');
select is(public.mark_stripe_event_processed(:'event', 'charge.succeeded', :'org', '{}'), false, 'once');
select is(public.is_stripe_event_processed(:'event'), true, 'and then it is');
select results_eq(
    format($$ select event_type, org_id, status, event_data from public.processed_stripe_webhooks where event_id = %L $$, :'event'),
    format($$ values ('charge.succeeded', %L::uuid, 'processed', '{"id": "x"}'::jsonb) $$, :'org'), 'it is kept as it was marked first');
select tests.as_owner();
insert into public.processed_stripe_webhooks (event_id, event_type, status, event_data) values (:'event' || 'f', 'x', 'failed', '{}');
select tests.as_service();
select is(public.is_stripe_event_processed(:'event' || 'f'), false, 'one that failed is still to be processed');
select is(public.mark_stripe_event_processed(:'event' || 'f', 'x', null, '{}'), true, 'and can be marked');
select is(public.is_stripe_event_processed(:'event' || 'f'), true, 'then it is');

select tests.as_owner();
update public.processed_stripe_webhooks set received_at = now() - interval '90 days' where event_id = :'event';
update public.processed_stripe_webhooks set received_at = now() - interval '90 days 1 second' where event_id = :'event' || 'f';
insert into public.processed_stripe_webhooks (event_id, event_type, status, event_data, received_at)
values (:'event' || 'g', 'x', 'failed', '{}', now() - interval '900 days'), (:'event' || 'h', 'x', 'failed', '{}', now() - interval '900 days');
select id as undone from private.ingest_webhook('stripe', :'event' || 'g', 'x', '{}', '{}') \gset
select tests.as_service();
select ok(public.cleanup_old_processed_stripe_webhooks() >= 2, 'events are dropped after 90 days');
select is(public.is_stripe_event_processed(:'event'), true, 'not before');
select is(public.is_stripe_event_processed(:'event' || 'f'), false, 'those older');
select tests.as_owner();
select is(count(*), 1::bigint, 'one that failed stays while it is still to be dealt with') from public.processed_stripe_webhooks where event_id = :'event' || 'g';
select is(count(*), 0::bigint, 'and no longer') from public.processed_stripe_webhooks where event_id = :'event' || 'h';
select tests.as_user(tests.admin(:'org'));
select throws_ok($$ select public.mark_stripe_event_processed('e', 't', null, '{}') $$, '42501', null, 'no client marks anything');
select is(count(*), 1::bigint, 'but an admin reads what Stripe said of the organisation') from public.processed_stripe_webhooks;

select * from finish();
rollback;
