-- Vapi is told the same however often it asks, and what fails is tried again from the inbox.
begin;
select plan(11);

select tests.freeze_time('2026-03-02 10:00+00');
create temporary table o as select tests.answering() as id;
create temporary table w as
    select i.* from private.ingest_vapi_message(
        '{}', convert_to(jsonb_build_object('message', tests.vapi_message('assistant-request', 'c1'))::text, 'UTF8'), tests.now()) i;

create temporary table first as select private.answer_webhook((select id from w), tests.now()) as answer;
select ok((select answer ? 'assistantId' from first), 'a question is answered');
select results_eq($$ select state, org_id, answer from private.webhook_inbox where id = (select id from w) $$,
    $$ select 'processed', o.id, f.answer from o, first f $$, 'the answer is kept with it');
select is(private.answer_webhook((select id from w), tests.now() + interval '1 minute'), (select answer from first),
    'asked again, it is the same');
select is((select event_data from public.processed_webhook_events where event_id = 'c1:assistant-request'), '{}'::jsonb,
    'what was said is not kept a second time');
select tests.throws_code($$ select private.answer_webhook(gen_random_uuid(), tests.now()) $$, 'webhook_not_found',
    'what was never kept has no answer');

create temporary table late as
    select i.* from private.ingest_vapi_message(
        '{}', convert_to(jsonb_build_object('message', tests.vapi_message('assistant-request', 'c2'))::text, 'UTF8'), tests.now()) i;
select is(private.retry_webhooks(tests.now() + interval '1 minute'), 1, 'a question that failed is made an end of by the worker');
select ok((select answer ? 'error' from private.webhook_inbox where id = (select id from late)), 'with a refusal, since nobody waits');
select is((select count(*) from public.credit_reservations where vapi_call_id = 'c2'), 0::bigint, 'so nothing is held for it');

create temporary table bad as
    select i.* from private.ingest_webhook('vapi', 'x', 'end-of-call-report', '{}', '\xff', tests.now()) i;
select is(private.retry_webhooks(tests.now() + interval '1 minute'), 0, 'what cannot be processed');
select is((select state from private.webhook_inbox where id = (select id from bad)), 'failed', 'stays in the inbox');
select is((select private.fail_webhook((select id from bad), 'again', tests.now()) from generate_series(1, 7) offset 6), 'dead',
    'until a person has to look at it');

select * from finish();
rollback;
