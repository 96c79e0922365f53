begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

create function pg_temp.keep(p_id text, p_now timestamptz) returns uuid language sql as $$
    select w.id from private.ingest_webhook('resend', p_id, 'email.sent', '{}', '{"type": "email.sent"}', p_now) as w;
$$;
select private.process_webhook(pg_temp.keep('old', now() - interval '26 hours'), now() - interval '25 hours');
select private.process_webhook(pg_temp.keep('new', now() - interval '26 hours'), now() - interval '23 hours');
select private.discard_webhook(pg_temp.keep('discarded', now() - interval '9 days'), now() - interval '8 days');
select pg_temp.keep('undone', now() - interval '1 year');
select pg_temp.keep('dead', now() - interval '1 year');
update private.webhook_inbox set state = 'dead' where event_id = 'dead';

select is((select count(*) from private.undone_webhooks())::integer, 2, 'two are undone');
select tests.as_service();
select is(public.cleanup_old_webhook_events(), 1, 'what was processed a day ago goes');
select tests.as_owner();
select results_eq(
    $$ select event_id from private.webhook_inbox order by 1 $$, $$ values ('dead'), ('new'), ('undone') $$,
    'with its raw row and what was discarded; what is undone stays, however old');
select results_eq($$ select event_id from public.processed_webhook_events $$, $$ values ('new') $$, 'the new one is still listed');
select results_eq(
    $$ select event_id from private.undone_webhooks() $$, $$ values ('dead'), ('undone') $$, 'the dead are told first');
select is((select count(*) from private.undone_webhooks(1))::integer, 1, 'as many as asked for');

select * from finish();
rollback;
