begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(18);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(5000) as org \gset
select tests.call_of(:'org', 1) as call, tests.call_of(:'org', 2) as late, tests.call_of(:'org', 3) as early, tests.call_of(:'org', 4) as ended \gset
select private.reserve_call_credits(:'org', tests.call_of(:'org', n), p_now => :'t') from generate_series(1, 4) n;
delete from private.effects where org_id = :'org';

select private.start_call_clock(:'call', timestamptz :'t' + interval '20 s', timestamptz :'t' + interval '21 s');
select is((tests.bill(:'call')).started_at, timestamptz '2026-11-02 12:00:20+00', 'the call''s start is kept');
select is((tests.bill(:'call')).hold_ends_at, timestamptz '2026-11-02 12:05:20+00', 'its hold lasts five minutes from then');
select is((tests.bill(:'call')).reserved_pence, 280::bigint, 'and is no larger');
select results_eq(
    format('select (payload ->> %L)::timestamptz, run_at from private.effects where org_id = %L and kind = %L', 'hold_ends_at', :'org', 'billing.hold_deadline'),
    $$ values (timestamptz '2026-11-02 12:05:20+00', timestamptz '2026-11-02 12:04:47+00') $$, 'it has a deadline for its new end');
select is(private.keep_hold(:'org', :'call', '2026-11-02 12:05+00', '2026-11-02 12:04:27+00'), 'stale', 'the one for the old end does nothing');

select private.start_call_clock(:'call', timestamptz :'t' + interval '40 s', timestamptz :'t' + interval '41 s');
select is((tests.bill(:'call')).started_at, timestamptz '2026-11-02 12:00:20+00', 'a later start changes nothing');
select private.start_call_clock(:'call', timestamptz :'t' + interval '10 s', timestamptz :'t' + interval '42 s');
select is((tests.bill(:'call')).started_at, timestamptz '2026-11-02 12:00:10+00', 'the earliest counts');
select is((tests.bill(:'call')).hold_ends_at, timestamptz '2026-11-02 12:05:10+00', 'for the hold, too');
select private.start_call_clock(:'call', null, timestamptz :'t' + interval '42 s');
select is((tests.bill(:'call')).started_at, timestamptz '2026-11-02 12:00:10+00', 'no start is no word');

select private.start_call_clock(:'late', timestamptz :'t' + interval '3 minutes', timestamptz :'t' + interval '3 minutes');
select is((tests.bill(:'late')).hold_ends_at, timestamptz '2026-11-02 12:07+00', 'a hold waits two minutes for its call at most');
select private.start_call_clock(:'early', timestamptz :'t' - interval '1 hour', :'t');
select is((tests.bill(:'early')).hold_ends_at, timestamptz '2026-11-02 12:05+00', 'and begins no sooner than admission, whatever the provider''s clock says');
select is((private.commit_reserved_credits(:'late', null, 'status', timestamptz :'t' + interval '4 minutes', timestamptz :'t' + interval '4 minutes')).charged_pence, 56::bigint, 'the charge follows the provider''s own times');

select is((private.commit_reserved_credits(:'ended', null, 'status', timestamptz :'t' + interval '150.9 s', timestamptz :'t' + interval '3 minutes')).outcome, 'pending', 'an end without a start has no length');
select private.start_call_clock(:'ended', timestamptz :'t' + interval '30.2 s', timestamptz :'t' + interval '4 minutes');
select is((tests.bill(:'ended')).committed_pence, 112::bigint, 'the start that comes after it settles: 120.7 seconds are 120');
select is((tests.bill(:'ended')).status, 'committed', 'for good');
select is((tests.wallet(:'org')).capped_pence, 1120::bigint, 'only the calls under way are capped');
select private.reserve_call_credits(:'org', tests.call_of(:'org', 5), p_now => :'t');
select private.commit_reserved_credits(tests.call_of(:'org', 5), null, 'report', null, timestamptz :'t' + interval '2 minutes');
select private.start_call_clock(tests.call_of(:'org', 5), timestamptz :'t' + interval '4 s', timestamptz :'t' + interval '3 minutes');
select is(private.keep_hold(:'org', tests.call_of(:'org', 5), (select (e.payload ->> 'hold_ends_at')::timestamptz from private.effects e
                                              where e.payload ->> 'call_id' = tests.call_of(:'org', 5)::text and e.kind = 'billing.hold_deadline'
                                              order by e.id desc limit 1), timestamptz :'t' + interval '271 s'),
          'renewed', 'a hold whose call ended, nobody knows when, is kept whichever of start and end was heard first');
select tests.throws_code('select private.start_call_clock(gen_random_uuid(), now())', 'call_not_found', 'a call nobody let in has no clock');

select * from finish();
rollback;
