begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);

select tests.org('Smile') as org \gset
select private.send_email(:'org', 'a@example.test', 'welcome', '{"full_name": "A", "organization_name": "S"}', 'a') as email \gset
select private.email_accepted(:'org', :'email', 're_a');
select id from private.ingest_webhook('resend', 'msg_a', 'email.delivered', '{}',
    convert_to('{"type": "email.delivered", "data": {"email_id": "re_a"}}', 'UTF8')) \gset
update private.webhook_inbox set state = 'dead', attempts = 8, last_error = 'boom' where id = :'id';

select results_eq(
    format($$ select state, attempts, last_error, org_id from private.replay_webhook(%L) $$, :'id'),
    format($$ values ('processed', 1, null::text, %L::uuid) $$, :'org'), 'a dead letter can be processed after all');
select is(status, 'delivered', 'with its meaning') from private.emails where id = :'email';
select is((private.replay_webhook(:'id')).state, 'processed', 'a processed one too, to no harm');
select is(count(*)::integer, 1, 'and is listed once') from public.processed_webhook_events where event_id = 'msg_a';

select id as broken from private.ingest_webhook('resend', 'msg_b', null, '{}', 'no json') \gset
select results_eq(
    format($$ select state, attempts, next_attempt_at > now() from private.replay_webhook(%L) $$, :'broken'),
    $$ values ('failed', 1, true) $$, 'what fails again is left to the worker');
select tests.throws_code($$ select private.replay_webhook(gen_random_uuid()) $$, 'webhook_not_found');

select is((private.discard_webhook(:'broken')).state, 'discarded', 'what cannot be processed is discarded');
select is((private.discard_webhook(:'broken')).state, 'discarded', 'once is enough');
select tests.throws_code(format($$ select private.discard_webhook(%L) $$, :'id'), 'webhook_already_processed');
select tests.throws_code($$ select private.discard_webhook(gen_random_uuid()) $$, 'webhook_not_found');

select tests.as_service();
select is((public.replay_webhook(:'id')).state, 'processed', 'the operator replays through the public function');
select tests.as_owner();
select tests.as_user(tests.user(:'org', 'admin'));
select throws_ok(format($$ select public.replay_webhook(%L) $$, :'id'), '42501', null, 'an organisation''s admin does not');

select * from finish();
rollback;
