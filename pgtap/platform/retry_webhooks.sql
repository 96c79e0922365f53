-- Alone: it runs under a statement time-out that waiting for a lock would use up.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);

select tests.freeze_time('2026-03-01 12:00+00');
create function pg_temp.keep(p_id text, p_body text) returns uuid language sql as $$
    select w.id from private.ingest_webhook('resend', p_id, 'email.sent', '{}', convert_to(p_body, 'UTF8'), tests.now()) as w;
$$;
create function pg_temp.state(p_id text) returns text language sql as $$
    select w.state from private.webhook_inbox w where w.event_id = p_id;
$$;
select pg_temp.keep('good_1', '{"type": "email.sent"}'), pg_temp.keep('broken', 'no json'), pg_temp.keep('good_2', '{"type": "email.sent"}');

select is(private.retry_webhooks(tests.now() + interval '29 seconds'), 0, 'what is not due is left alone');
select is(private.retry_webhooks(tests.now() + interval '30 seconds'), 2, 'what is due is processed');
select is(pg_temp.state('good_1') || ' ' || pg_temp.state('good_2'), 'processed processed', 'whatever fails beside it');
select is(pg_temp.state('broken'), 'failed', 'a failure is noted');
select is(private.retry_webhooks(tests.now() + interval '59 seconds'), 0, 'and waits');
select is(attempts, 1, 'untouched') from private.webhook_inbox where event_id = 'broken';

do $$ begin
    for i in 1..20 loop
        perform private.retry_webhooks('2026-03-01 12:00+00'::timestamptz + i * interval '2 hours');
    end loop;
end $$;
select is(pg_temp.state('broken'), 'dead', 'until it is a dead letter');
select is(attempts, 8, 'after eight attempts') from private.webhook_inbox where event_id = 'broken';

create or replace function private.process_resend_event(p_event jsonb, p_now timestamptz default now()) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    if p_event ->> 'type' = 'hangs' then
        perform pg_sleep(30);
    end if;
    return null;
end $$;
select pg_temp.keep('a_hangs', '{"type": "hangs"}'), pg_temp.keep('b_waits', '{"type": "email.sent"}');
update private.webhook_inbox set next_attempt_at = next_attempt_at - interval '1 second' where event_id = 'a_hangs';
set local statement_timeout = '200ms';
select is(private.retry_webhooks(tests.now() + interval '1 minute'), 0, 'one that hangs ends the run');
set local statement_timeout = 0;
select is(pg_temp.state('a_hangs'), 'failed', 'as its own failure');
select is(private.retry_webhooks(tests.now() + interval '61 seconds'), 1, 'and does not keep the next from its turn');
select is(pg_temp.state('b_waits'), 'processed', 'which is processed');

select * from finish();
rollback;
