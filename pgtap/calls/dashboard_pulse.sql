begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(31);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'user') as person, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{calls:read}') as key, tests.api_key(:'org', '{services:read}') as reader \gset
update public.organizations o set timezone = 'America/New_York' where o.id = :'org';
-- Now is 2026-11-21 at 20:20 in New York, where the day began at 05:00 UTC.
\set now '''2026-11-22 01:20+00'''
insert into public.calls (org_id, call_direction, status, created_at, started_at, duration_seconds, tools_used, sentiment_score, booking_confirmed, financial_value_pence) values
    (:'org', 'inbound', 'completed', '2026-11-22 01:19+00', '2026-11-22 01:19+00', 20, '{}', 0.5, false, 0),
    (:'org', 'inbound', 'completed', '2026-11-21 05:00+00', '2026-11-21 05:00+00', 100, '{}', 1, true, 30000),
    (:'org', 'outbound', 'completed', '2026-11-21 05:10+00', '2026-11-21 05:10+00', 5, '{checkAvailability}', null, false, 100),
    (:'org', 'inbound', 'failed', '2026-11-21 04:59:59+00', null, null, '{}', null, false, 0),
    (:'org', 'inbound', 'completed', '2026-11-15 05:00+00', '2026-11-15 05:00+00', 0, '{}', null, true, 700),
    (:'org', 'inbound', 'completed', '2026-11-15 04:59+00', '2026-11-15 04:59+00', 9, '{}', null, false, 0),
    (:'org', 'inbound', 'completed', '2026-10-23 04:00+00', '2026-10-23 04:00+00', 9, '{}', null, false, 0),
    (:'org', 'inbound', 'completed', '2026-10-23 03:59+00', '2026-10-23 03:59+00', 9, '{}', null, false, 0);
insert into public.calls (org_id, call_direction, created_at) values (:'other', 'inbound', '2026-11-22 01:00+00');

select tests.as_user(:'person');
select is(public.dashboard_pulse('today', :now), ('today', '2026-11-21 05:00+00', '2026-11-22 01:30+00', 3, 1, 0.750, 42, 50.0, 30100)::public.dashboard_pulse, 'today is since midnight on the clinic''s wall');
select is((public.dashboard_pulse('7d', :now)).total_calls, 5::bigint, 'seven days are today and the six before it');
select is((public.dashboard_pulse('7d', :now)).success_rate, 50.0, 'success is booked inbound by inbound');
select is((public.dashboard_pulse('30d', :now)).total_calls, 7::bigint, 'thirty days begin at midnight too, the clocks'' change between');
select is((public.dashboard_pulse('30d', :now))."from", '2026-10-23 04:00+00'::timestamptz, 'which was at another hour of UTC then');
select is((public.dashboard_pulse(p_now => '2027-03-01')), ('today', '2027-02-28 05:00+00', '2027-03-01 00:15+00', 0, 0, null, null, 0, 0)::public.dashboard_pulse, 'a day without a call has no average');
select tests.throws_code($$ select public.dashboard_pulse('fortnight') $$, 'invalid_value');
select tests.throws_code($$ select public.dashboard_pulse(null) $$, 'invalid_value');

-- The funnel: five of 7 days; the one that failed was not connected; 0 seconds but booked counts all the way.
select is(public.call_funnel('7d', :now), ('7d', '2026-11-15 05:00+00', '2026-11-22 01:30+00', 5, 4, 3, 2)::public.call_funnel, 'of the calls some were connected, of those some stayed, of those some booked');
select is(public.call_funnel('today', :now), ('today', '2026-11-21 05:00+00', '2026-11-22 01:30+00', 3, 3, 2, 1)::public.call_funnel, 'whom the agent did something for has stayed, however short');
select tests.throws_code($$ select public.call_funnel('1y') $$, 'invalid_value');

-- The series.
select results_eq(format($$ select at, calls, appointments_booked, avg_duration_seconds, pipeline_value_pence from public.call_series('7d', 'day', %L) $$, :now),
    $$ values ('2026-11-15 05:00+00'::timestamptz, 1::bigint, 1::bigint, 0, 700::bigint), ('2026-11-16 05:00+00', 0, 0, null, 0), ('2026-11-17 05:00+00', 0, 0, null, 0), ('2026-11-18 05:00+00', 0, 0, null, 0),
              ('2026-11-19 05:00+00', 0, 0, null, 0), ('2026-11-20 05:00+00', 1, 0, null, 0), ('2026-11-21 05:00+00', 3, 1, 42, 30100) $$, 'a point a day of the clinic''s, those without a call too');
select is((select count(*) from public.call_series('today', 'hour', :now)), 21::bigint, 'a point for each hour that has begun');
select is((select sum(s.calls) from public.call_series('30d', 'hour', :now) s), (public.dashboard_pulse('30d', :now)).total_calls::numeric, 'they add up to what the pulse says');
select is((select count(*) from public.call_series('today', 'hour', '2026-11-02 04:59+00')), 25::bigint, 'the day the clocks go back has 25 hours');
select is((select count(*) from public.call_series('today', 'hour', '2026-03-09 03:59+00')), 23::bigint, 'the day they go forward has 23');
select is((select count(distinct s.at) from public.call_series('30d', 'day', '2026-11-10') s), 30::bigint, 'and each is one day');
select tests.throws_code($$ select public.call_series('7d', 'minute') $$, 'invalid_value');
select tests.throws_code($$ select public.call_series('7d', null) $$, 'invalid_value');

-- Folded or not is all the same.
select tests.as_owner();
select private.fold_call_counts();
select tests.as_user(:'person');
select is(public.dashboard_pulse('today', :now), ('today', '2026-11-21 05:00+00', '2026-11-22 01:30+00', 3, 1, 0.750, 42, 50.0, 30100)::public.dashboard_pulse, 'the pulse is the same once the counts are folded');

-- A zone that is a quarter of an hour off.
select tests.as_owner();
update public.organizations o set timezone = 'Asia/Kathmandu' where o.id = :'org';
select tests.as_user(:'person');
select is((public.dashboard_pulse('today', :now))."from", '2026-11-21 18:15+00'::timestamptz, 'where midnight is at a quarter past, the day begins there');
select is((select count(*) from public.call_series('today', 'hour', :now)), 8::bigint, 'and so do its hours');

-- Who may.
select tests.as_user(:'stranger');
select is((public.dashboard_pulse('today', :now)).total_calls, 1::bigint, 'another organisation sees its own');
select tests.as_api_key(:'key');
select is((public.dashboard_pulse('30d', :now)).total_calls, 6::bigint, 'a key sees it with its scope');
select tests.as_api_key(:'reader');
select tests.throws_code(f.statement, 'scope_missing', f.statement)
from unnest(array['select public.dashboard_pulse()', 'select private.dashboard_pulse(''today'', now())', 'select public.call_funnel()',
                  'select private.call_funnel(''today'', now())', 'select public.call_series()', 'select private.call_series(''today'', ''day'', now())']) as f (statement);
select tests.as_anon();
select throws_ok('select public.dashboard_pulse()', '42501');

select * from finish();
rollback;
