begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select '00000000-0000-4000-8000-000000000001' as org \gset
insert into private.webhook_inbox (
    provider, event_id, event_type, headers, body, state, attempts, next_attempt_at, last_error, org_id, received_at, finished_at)
select 'resend', 'summary-' || s.state, 'email.sent', '{"svix-signature": "v1,secret"}', 'private words', s.state, 3,
       now() + interval '5 minutes', 'boom', :'org', now() - interval '1 hour', case when s.done then now() end
from (values ('received', false), ('failed', false), ('dead', false), ('processed', true), ('discarded', true)) as s (state, done);
create function pg_temp.summary(p_state text) returns private.webhook_summary language sql as $$
    select private.webhook_summary(w.id) from private.webhook_inbox w where w.event_id = 'summary-' || p_state;
$$;

select is(
    to_jsonb(pg_temp.summary('failed')) - 'id',
    jsonb_build_object(
        'provider', 'resend', 'event_id', 'summary-failed', 'event_type', 'email.sent', 'state', 'failed', 'attempts', 3,
        'last_error', 'boom', 'org_id', :'org', 'received_at', now() - interval '1 hour', 'finished_at', null,
        'next_attempt_at', now() + interval '5 minutes'),
    'an operator is told everything but what the provider wrote');
select is(
    (pg_temp.summary('failed')).id, (select id from private.webhook_inbox where event_id = 'summary-failed'),
    'under the id it was asked for');
select is(
    (pg_temp.summary('received')).next_attempt_at, now() + interval '5 minutes', 'what was not tried yet has a next attempt');
select is(
    row((pg_temp.summary('processed')).next_attempt_at, (pg_temp.summary('processed')).finished_at), row(null::timestamptz, now()),
    'what is processed has none, and a time when it was');
select is((pg_temp.summary('dead')).next_attempt_at, null, 'nor has a dead letter');
select is((pg_temp.summary('discarded')).next_attempt_at, null, 'nor what was discarded');
select tests.throws_code('select private.webhook_summary(gen_random_uuid())', 'webhook_not_found');
select tests.throws_code('select private.webhook_summary(null)', 'webhook_not_found', 'no id is nobody''s');
select tests.as_user(tests.admin(tests.org()));
select throws_ok('select private.webhook_summary(gen_random_uuid())', '42501', null, 'an organisation''s admin is told nothing');

select * from finish();
rollback;
