-- An assistant is told who calls: the name, the last three calls, and the next appointment; nothing of anybody else's.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

select tests.freeze_time('2026-06-02 10:00+00');
select tests.org('Context') as org, tests.org('Context Else') as other \gset
select private.contact_of_number(:'org', '+447700900123', 'Jane Smith', tests.now()) as jane,
       private.contact_of_number(:'org', '+447700900124', null, tests.now()) as john,
       private.contact_of_number(:'other', '+447700900123', 'Jane Else', tests.now()) as stranger \gset
select is(private.caller_context(:'org', null, tests.now()), null, 'a caller without a number is nobody');
select is(private.caller_context(:'org', :'john', tests.now()), null, 'of whom nothing is known nothing is said');
select is(private.caller_context(:'org', :'stranger', tests.now()), null, 'nor of another organisation''s contact');
select is(private.caller_context(:'org', :'jane', tests.now()), '{"caller_name": "Jane Smith"}', 'a name is told');

select tests.rung(:'org', 'c' || n, jsonb_build_object('contact_id', :'jane', 'summary', 'Call ' || n, 'created_at', tests.now() - make_interval(days => n)))
from generate_series(1, 4) as n;
select tests.rung(:'org', 'of john', jsonb_build_object('contact_id', :'john', 'outcome', 'John rang.'));
select is(private.caller_context(:'org', :'jane', tests.now()) ->> 'last_calls', E'2026-06-01: Call 1\n2026-05-31: Call 2\n2026-05-30: Call 3', 'and what the last three calls were about');
select tests.booked_for(:'org', jsonb_build_object('contact_id', :'jane', 'scheduled_at', '2026-06-02 09:00+00'));
select tests.booked_for(:'org', jsonb_build_object('contact_id', :'jane', 'scheduled_at', '2026-06-03 09:00+00', 'status', 'cancelled'));
select tests.booked_for(:'org', jsonb_build_object('contact_id', :'jane', 'scheduled_at', '2026-06-05 09:00+00'));
select tests.booked_for(:'org', jsonb_build_object('contact_id', :'john', 'scheduled_at', '2026-06-04 09:00+00'));
select is(private.caller_context(:'org', :'jane', tests.now()) ->> 'next_appointment', 'Friday 5 June 2026, 10:00',
    'the next appointment that stands is told on the clinic''s own clock');
select is(private.caller_context(:'org', :'john', tests.now()), '{"last_calls": "2026-06-02: John rang.", "next_appointment": "Thursday 4 June 2026, 10:00"}', 'what a call came to stands for a summary it has not');

select * from finish();
rollback;
