begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);

select tests.org('Smile') as org \gset
select private.send_email(:'org', 'a@example.test', 'welcome', '{"full_name": "A", "organization_name": "S"}', 'a') as email \gset
select private.email_accepted(:'org', :'email', 're_a');
select id from private.ingest_webhook('resend', 'msg_a', 'email.delivered', '{}',
    convert_to('{"type": "email.delivered", "data": {"email_id": "re_a"}}', 'UTF8')) \gset

select is(private.process_webhook(:'id'), 'processed', 'a kept webhook is processed');
select is(status, 'delivered', 'and has its meaning') from private.emails where id = :'email';
select results_eq(
    format($$ select state, org_id, attempts, finished_at is not null from private.webhook_inbox where id = %L $$, :'id'),
    format($$ values ('processed', %L::uuid, 1, true) $$, :'org'), 'the inbox says so');
select results_eq(
    $$ select event_type, event_data #>> '{data,email_id}', org_id from public.processed_webhook_events where event_id = 'msg_a' $$,
    format($$ values ('email.delivered', 're_a', %L::uuid) $$, :'org'), 'so does the list of processed events');
update private.emails set status = 'queued' where id = :'email';
select is(private.process_webhook(:'id'), 'processed', 'once more');
select is(status, 'queued', 'does nothing') from private.emails where id = :'email';

select id as unknown from private.ingest_webhook('resend', 'msg_u', 'email.delivered', '{}', '{"type": "email.delivered", "data": {"email_id": "x"}}') \gset
select is(private.process_webhook(:'unknown'), 'processed', 'an email that is not ours is processed too');
select is(org_id, null, 'without an organisation') from private.webhook_inbox where id = :'unknown';
select id as broken from private.ingest_webhook('resend', 'msg_b', null, '{}', 'no json') \gset
select throws_ok(format($$ select private.process_webhook(%L) $$, :'broken'), '22P02', null, 'a body that is no JSON raises');
select is(state, 'received', 'and leaves the row as it was') from private.webhook_inbox where id = :'broken';
select id as stranger from private.ingest_webhook('nobody', 'x', null, '{}', '{}') \gset
select throws_ok(format($$ select private.process_webhook(%L) $$, :'stranger'), 'XX000', null, 'a provider nobody handles raises');
select tests.throws_code($$ select private.process_webhook('00000000-0000-0000-0000-000000000000') $$, 'webhook_not_found');

select * from finish();
rollback;
