begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);

select tests.org() as org, tests.org() as other, gen_random_uuid() as call \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as stranger \gset
select timestamptz '2026-11-21 12:00+00' as now \gset
update public.organizations set created_at = '2026-01-01 00:00+00' where id = :'org';
update public.organizations set created_at = '2026-11-20 00:00+00' where id = :'other';

select private.post_entry(:'org', 10000, 'topup', 'stripe:pi_1', 'Top-up', 'pi_1', p_now => '2026-10-01 12:00+00') is not null;
select private.post_entry(:'org', -9000, 'deduction', 'call:old:1', 'Call', p_call_id => gen_random_uuid(), p_now => '2026-11-07 12:00+00') is not null;
select tests.as_user(:'admin');
select is(private.wallet_forecast(1000, :'now'), row(14, 0, null, null, null)::public.wallet_forecast, 'what was spent a fortnight ago says nothing');

select tests.as_owner();
select private.post_entry(:'org', -112, 'deduction', 'call:a:1', 'Call', p_call_id => :'call', p_now => '2026-11-10 12:00+00') is not null;
select tests.as_user(:'admin');
select is((private.wallet_forecast(1000, :'now')).pence_per_day, 8::bigint, 'a day costs the average of fourteen');
select is((private.wallet_forecast(1000, :'now')).days_left, 125, 'so long it lasts');
select is((private.wallet_forecast(1000, :'now')).runs_out_at, '2027-03-26 12:00+00'::timestamptz, 'and until then');
select is((private.wallet_forecast(-5, :'now')).days_left, 0, 'a debt does not last');

select tests.as_owner();
select private.post_entry(:'org', -1, 'adjustment', 'call:a:2', 'Correction', p_call_id => :'call', p_now => '2026-11-11 12:00+00') is not null;
select private.post_entry(:'org', -1000, 'deduction', 'number:1', 'Number', p_now => '2026-11-12 12:00+00') is not null;
select private.post_entry(:'org', 1000, 'refund', 'number:1:refund', 'Number not had', p_now => '2026-11-12 12:01+00') is not null;
select private.post_entry(:'org', -700, 'refund', 'refund:pi_1:700', 'Refund', p_stripe_object_id => 'ch_1', p_now => '2026-11-13 12:00+00') is not null;
select private.post_entry(:'org', -300, 'adjustment', 'by hand', 'Correction', p_now => '2026-11-14 12:00+00') is not null;
select private.post_entry(:'org', 500, 'bonus', 'bonus', 'Welcome', p_now => '2026-11-15 12:00+00') is not null;
select private.post_entry(:'org', -5000, 'deduction', 'call:later:1', 'Call', p_call_id => gen_random_uuid(), p_now => '2026-11-22 12:00+00') is not null;
select tests.as_user(:'admin');
select is(
    (private.wallet_forecast(1000, :'now')).spent_pence, 113::bigint,
    'calls and their corrections count, and purchases that were not given back; money to and from the card does not, nor what comes later');
select is((private.wallet_forecast(1000, :'now')).pence_per_day, 9::bigint, 'a day''s pence are rounded up');
select is((private.wallet_forecast(9223372036854775807, :'now')).days_left, 36500, 'nobody foretells more than a century');

select tests.as_owner();
select private.post_entry(:'other', -112, 'deduction', 'call:b:1', 'Call', p_call_id => gen_random_uuid(), p_now => '2026-11-20 12:00+00') is not null;
select tests.as_user(:'stranger');
select is((private.wallet_forecast(1000, :'now')).days_counted, 2, 'of a young organisation the days there are');
select is((private.wallet_forecast(1000, :'now')).pence_per_day, 56::bigint, 'and the calls of its own');
select is((private.wallet_forecast(1000, '2026-11-20 00:00:01+00')).days_counted, 1, 'at least one');
select tests.as_service();
select is((private.wallet_forecast(1000, :'now')).pence_per_day, null, 'who belongs to no organisation is foretold nothing');

select * from finish();
rollback;
