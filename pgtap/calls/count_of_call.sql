-- What one call adds to the counts that dashboards show, where it is noted, and who hears of counts that are wrong.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(33);

select tests.freeze_time('2026-11-21 12:00+00');
select tests.org() as org, tests.org() as other \gset
create function pg_temp.a_call(p_values jsonb default '{}') returns public.calls language sql stable as $$
    select jsonb_populate_record(null::public.calls, jsonb_build_object('org_id', o.id, 'call_direction', 'outbound', 'status', 'pending', 'created_at', '2026-11-21 12:14:59.999999Z',
        'booking_confirmed', false, 'tools_used', '[]'::jsonb, 'financial_value_pence', 0) || p_values) from public.organizations o order by o.created_at, o.id limit 1 $$;

-- The quarter of an hour.
select is(private.quarter_of(t::timestamptz), want::timestamptz, coalesce(t, 'no moment is in none'))
from (values ('2026-11-21 12:15+00', '2026-11-21 12:15+00'), ('2026-11-21 12:14:59.999999+00', '2026-11-21 12:00+00'), ('2026-11-21 00:00+05:45', '2026-11-21 00:00+05:45'),
             ('1999-12-31 23:50+00', '1999-12-31 23:45+00'), (null, null)) as v (t, want);

-- One call.
select is(private.count_of_call(pg_temp.a_call(j::jsonb)), want::private.call_count, j)
from (values
    ('{}', '(1,0,0,0,0,0,0,0,0,0)'), ('{"status": "completed"}', '(1,1,0,0,0,0,0,0,0,0)'), ('{"status": "failed"}', '(1,0,0,0,0,0,0,0,0,0)'),
    ('{"started_at": "2026-11-21T12:15:00Z"}', '(1,0,1,0,0,0,0,0,0,0)'), ('{"duration_seconds": 0}', '(1,0,0,0,0,0,1,0,0,0)'), ('{"duration_seconds": 1}', '(1,0,1,0,0,1,1,0,0,0)'),
    ('{"duration_seconds": 29}', '(1,0,1,0,0,29,1,0,0,0)'), ('{"duration_seconds": 30}', '(1,0,1,1,0,30,1,0,0,0)'), ('{"tools_used": ["endCall"]}', '(1,0,0,0,0,0,0,0,0,0)'),
    ('{"started_at": "2026-11-21T12:15:00Z", "tools_used": ["endCall"]}', '(1,0,1,1,0,0,0,0,0,0)'), ('{"booking_confirmed": true}', '(1,0,1,1,1,0,0,0,0,0)'),
    ('{"sentiment_score": 0}', '(1,0,0,0,0,0,0,0,1,0)'), ('{"sentiment_score": 0.75}', '(1,0,0,0,0,0,0,0.750,1,0)'),
    ('{"financial_value_pence": 30000}', '(1,0,0,0,0,0,0,0,0,30000)')) as v (j, want);

-- Noted, and taken back.
select pg_temp.a_call('{"status": "completed", "duration_seconds": 90, "sentiment_score": 0.9, "booking_confirmed": true, "financial_value_pence": 700}') as call \gset
select private.add_call_count(:'call', 1) \gset
select is((select to_jsonb(d) - 'id' - 'org_id' from private.call_deltas d),
    '{"quarter": "2026-11-21T12:00:00+00:00", "direction": "outbound", "calls": 1, "completed": 1, "connected": 1,
    "engaged": 1, "booked": 1, "seconds": 90, "timed": 1, "sentiment": 0.900, "felt": 1, "value_pence": 700}', 'what a call adds is noted in its quarter of an hour and direction');
select is((select d.org_id from private.call_deltas d), ((:'call')::public.calls).org_id, 'as its organisation''s');
select private.add_call_count(:'call', -1) \gset
select pg_temp.a_call('{"status": "completed", "started_at": "2026-11-21T12:15:00Z", "sentiment_score": 0.1}') as other_call \gset
select private.add_call_count(:'other_call', 1) \gset
select results_eq('select completed, connected, engaged, booked, seconds, timed, felt from private.call_deltas order by id desc limit 1',
    'values (1::bigint, 1::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 1::bigint)', 'each count for itself');
select pg_temp.a_call('{"booking_confirmed": true, "duration_seconds": 0}') as other_booked \gset
select private.add_call_count(:'other_booked', 1) \gset
select results_eq('select completed, connected, engaged, booked, seconds, timed, felt from private.call_deltas order by id desc limit 1',
    'values (0::bigint, 1::bigint, 1::bigint, 1::bigint, 0::bigint, 1::bigint, 0::bigint)', 'whatever the others are');
select private.add_call_count(c, -1) from unnest(array[:'other_call', :'other_booked']::public.calls[]) as c \g /dev/null
select results_eq('select count(*), sum(calls), sum(completed), sum(connected), sum(engaged), sum(booked), sum(seconds), sum(timed), sum(sentiment), sum(felt), sum(value_pence) from private.call_deltas',
    'values (6::bigint, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0.000::numeric, 0::numeric, 0::numeric)',
    'what goes is noted besides and undoes all of it');

-- A check of the counts.
create function pg_temp.check(p_outcome text default 'done', p_after uuid default null) returns text language sql as $$
    select private.call_counts_checked(jsonb_build_object('ended_at', tests.now(), 'payload', jsonb_build_object('after', p_after)), p_outcome, null)::text $$;
create function pg_temp.lines() returns bigint language sql as $$
    select count(*) from private.effects e where e.kind = 'slack.message' and e.payload ->> 'kind' = 'call_counts_drift' $$;
create function pg_temp.wrong(p_org uuid, p_quarter timestamptz) returns void language sql as $$
    insert into private.call_quarters (org_id, quarter, direction, calls, completed, booked, seconds, timed, sentiment, felt, value_pence, connected, engaged)
    values (p_org, p_quarter, 'inbound', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0) $$;
select pg_temp.check() \gset
select is(pg_temp.lines(), 0::bigint, 'counts that are right are nobody''s news');
select pg_temp.wrong(:'org', tests.now() - interval '41 days') \gset
select pg_temp.check() \gset
select is(pg_temp.lines(), 0::bigint, 'nor are those that no screen shows any more');
select pg_temp.wrong(:'org', tests.now() - interval '39 days'), pg_temp.wrong(:'org', tests.now() - interval '1 day'), pg_temp.wrong(:'other', tests.now() - interval '1 day') \gset
select pg_temp.check('dead') \gset
select is(pg_temp.lines(), 0::bigint, 'a check that did not run tells nothing');
select greatest(:'org'::uuid, :'other') as last \gset
select pg_temp.check('done', :'last') \gset
select is(pg_temp.lines(), 0::bigint, 'organisations that were checked in this round are not checked again');
select pg_temp.check() \gset
select is((select array_agg(substring(e.payload ->> 'text' from 'wrong in (\d+)') order by e.org_id = :'org' desc) from private.effects e where e.payload ->> 'kind' = 'call_counts_drift'),
    '{2,1}', 'the operator hears of each that drifts, in how many quarters of an hour');
select is((select array_agg(e.org_id order by e.org_id) from private.effects e where e.payload ->> 'kind' = 'call_counts_drift'),
    array[least(:'org'::uuid, :'other'), :'last'], 'and of whom');
select pg_temp.check() \gset
select is(pg_temp.lines(), 2::bigint, 'once an hour');
select is((select count(*) from private.effects e where e.kind = 'calls.check_counts'), 0::bigint, 'a round that is over is over');

-- On a clock that is five seconds later whenever it is looked at.
create schema fast;
create sequence fast.looks;
create function fast.clock_timestamp() returns timestamptz language sql volatile as $$ select tests.now() + nextval('fast.looks') * interval '5 seconds' $$;
alter function private.call_counts_checked(jsonb, text, jsonb) set search_path = fast, pg_catalog, pg_temp;
select pg_temp.check() \gset
select is((select array_agg((e.payload ->> 'after')::uuid) from private.effects e where e.kind = 'calls.check_counts' and e.queue_key = 'check_counts' and e.run_at = tests.now()),
    array[least(:'org'::uuid, :'other')], 'after five seconds a check leaves the rest of its round to the next, which begins behind it');

select * from finish();
rollback;
