begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

-- The price goes up at noon.
insert into public.billing_rates (effective_from, pence_per_minute, cap_slack_pence) values ('2031-05-05 12:00+00', 60, 7);
select tests.funded(10000) as org \gset
select tests.call_of(:'org', 1) as before, tests.call_of(:'org', 2) as after, tests.call_of(:'org', 3) as late \gset
select private.reserve_call_credits(:'org', :'before', p_now => '2031-05-05 11:59:59+00');
select * from private.reserve_call_credits(:'org', :'after', p_now => '2031-05-05 12:00+00') \gset
select is(format('%s %s %s', :'held_pence', :'cap_pence', :'max_duration_seconds'), '300 600 593', 'a call has the slices, the cap and the slack of its rate');
select is((tests.bill(:'before')).rate_pence_per_minute, 56, 'a call keeps the rate it was let in at');
select is((private.renew_call_reservation(:'before', '2031-05-05 12:04+00')).reserved_pence, 560::bigint, 'in its renewals');
select is((tests.bill(:'before')).hold_ends_at, timestamptz '2031-05-05 12:09:59+00', 'their time');
select is((private.commit_reserved_credits(:'before', 120, 'report', p_now => '2031-05-05 12:10+00')).charged_pence, 112::bigint, 'and its charge');
select is((private.commit_reserved_credits(:'after', 120, 'report', p_now => '2031-05-05 12:10+00')).charged_pence, 120::bigint, 'the next call pays the new one');
select is((private.deduct_call_credits(:'org', :'late', null, 60, p_now => '2031-05-05 12:10+00')).charged_pence, 60::bigint, 'a call that was never let in pays what holds when it is charged');

select * from finish();
rollback;
