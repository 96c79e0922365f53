begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

select tests.freeze_time('2026-03-01 12:00+00');
select id, fresh from private.ingest_webhook(
    'resend', 'msg_1', 'email.sent', '{"svix-id": "msg_1"}', '\x7b22ff00', tests.now()) \gset
select ok(:'fresh'::boolean, 'what comes for the first time is fresh');
select results_eq(
    format($$ select state, body, headers, next_attempt_at from private.webhook_inbox where id = %L $$, :'id'),
    $$ values ('received', '\x7b22ff00'::bytea, '{"svix-id": "msg_1"}'::jsonb, timestamptz '2026-03-01 12:00:30+00') $$,
    'it is kept as it came, and the worker waits for whoever took it in');
select results_eq(
    $$ select w.id, w.fresh from private.ingest_webhook('resend', 'msg_1', 'email.sent', '{}', 'other') as w $$,
    format($$ values (%L::uuid, false) $$, :'id'), 'what comes again is not');
select is(body, '\x7b22ff00'::bytea, 'and does not replace the first') from private.webhook_inbox where id = :'id';
select ok((private.ingest_webhook('stripe', 'msg_1', null, null, '{}')).fresh, 'another provider''s ids are its own');
select tests.as_user(tests.user(tests.org()));
select throws_ok($$ select private.ingest_webhook('resend', 'x', null, null, '{}') $$, '42501', null, 'no client may bring one');
select throws_ok($$ select * from private.webhook_inbox $$, '42501', null, 'nor read the inbox');

select * from finish();
rollback;
