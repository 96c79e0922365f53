begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'user') as person, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{calls:read}') as key, tests.api_key(:'org', '{services:read}') as reader \gset

select tests.as_user(:'person');
select is(public.call_stats(), (0, 0, 0, 0, 0, 0, null, null, 0, 0)::public.call_stats, 'without calls there is nothing to average, and no success');
select tests.as_owner();
insert into public.calls (org_id, call_direction, status, created_at, duration_seconds, sentiment_score, booking_confirmed, financial_value_pence) values
    (:'org', 'inbound', 'completed', '2026-11-20 10:00+00', 60, 0.5, true, 30000),
    (:'org', 'inbound', 'completed', '2026-11-20 10:14:59+00', 91, 0.75, false, 0),
    (:'org', 'inbound', 'failed', '2026-11-20 10:15+00', null, null, false, 0),
    (:'org', 'outbound', 'completed', '2026-11-20 10:30+00', 30, null, true, 5000),
    (:'org', 'inbound', 'in_progress', '2026-11-20 11:00+00', null, null, false, 0);
select tests.as_user(:'person');
select is(public.call_stats(), (5, 4, 1, 3, 1, 2, 0.625, 60, 25.0, 35000)::public.call_stats, 'averages are of the calls that have a value, success is booked inbound by inbound');
select tests.as_owner();
select private.fold_call_counts();
select tests.as_user(:'person');
select is(public.call_stats(), (5, 4, 1, 3, 1, 2, 0.625, 60, 25.0, 35000)::public.call_stats, 'the same once folded');
select is((public.call_stats('2026-11-20 10:00+00', '2026-11-20 10:15+00')).total_calls, 2::bigint, 'within a time, its end not included');
select is((public.call_stats('2026-11-20 10:07+00', '2026-11-20 10:15:01+00')).total_calls, 3::bigint, 'by whole quarters of an hour');
select is((public.call_stats(p_from => '2026-11-20 10:30+00')).total_calls, 2::bigint, 'since a time');
select is((public.call_stats(p_to => '2026-11-20 10:30+00')).total_calls, 3::bigint, 'until a time');
select is((public.call_stats(p_to => '2026-11-20 10:30+00')).live_calls, 1::bigint, 'what is under way is so now, whatever the time asked for');
select tests.as_user(:'stranger');
select is((public.call_stats()).total_calls, 0::bigint, 'another organisation counts its own');
select tests.as_api_key(:'key');
select is((public.call_stats()).total_calls, 5::bigint, 'a key counts with its scope');
select tests.as_api_key(:'reader');
select tests.throws_code('select public.call_stats()', 'scope_missing');
select tests.throws_code('select private.call_stats(null, null)', 'scope_missing', 'by whatever door');
select tests.as_anon();
select throws_ok('select public.call_stats()', '42501');

select * from finish();
rollback;
