begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select tests.freeze_time('2026-03-01 12:00+00');
select id from private.ingest_webhook('resend', 'msg_1', 'email.sent', '{}', 'x', tests.now()) \gset
select is(private.fail_webhook(:'id', 'boom', tests.now()), 'failed', 'a failure is noted');
select results_eq(
    format($$ select attempts, last_error, next_attempt_at from private.webhook_inbox where id = %L $$, :'id'),
    $$ values (1, 'boom', timestamptz '2026-03-01 12:00:30+00') $$, 'with its reason, to be tried again in 30 s');
select private.fail_webhook(:'id', 'boom', tests.now()) from generate_series(2, 6);
select is(next_attempt_at, '2026-03-01 12:16+00', 'the pause doubles') from private.webhook_inbox where id = :'id';
select is(private.fail_webhook(:'id', 'boom', tests.now()), 'failed', 'seven failures are not the end');
select is(count(*)::integer, 0, 'nor a reason for an alert') from private.effects where payload ->> 'kind' = 'webhook_dead';
select is(private.fail_webhook(:'id', 'the last one', tests.now()), 'dead', 'the eighth is');
select matches(payload ->> 'text', 'resend \(email\.sent, .*\) could not be processed: the last one', 'and alerts')
from private.effects where payload ->> 'kind' = 'webhook_dead';
select is(private.fail_webhook(:'id', 'again', tests.now()), null, 'a dead one stays dead');

select id as done from private.ingest_webhook('resend', 'msg_2', 'email.sent', '{}', '{"type": "email.sent"}') \gset
select private.process_webhook(:'done');
select is(private.fail_webhook(:'done', 'late'), null, 'a processed one does not fail any more');

select * from finish();
rollback;
