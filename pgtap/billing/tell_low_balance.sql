begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(14);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(1000) as org, tests.funded(100) as silent \gset
update public.organizations set email = 'clinic@example.test' where id = :'org';
update public.credit_wallets set low_balance_alert_pence = 500 where org_id = :'org';
delete from private.effects where org_id in (:'org', :'silent');

select private.add_credits(:'org', -500, 'adjustment', 'a1', p_now => :'t');
select is(tests.ordered(:'org', 'resend.email'), 0::bigint, 'a balance at its alert is not below it');
select private.add_credits(:'org', -1, 'adjustment', 'a2', p_now => :'t');
select is(tests.ordered(:'org', 'resend.email'), 1::bigint, 'a penny less, and the clinic is told');
select is((tests.wallet(:'org')).low_balance_told_at, :'t'::timestamptz, 'when is kept');
select is((select payload from private.events where org_id = :'org' and kind = 'wallet.low'), '{"balance_pence": 499}'::jsonb, 'its screens hear, too');
select private.add_credits(:'org', -100, 'adjustment', 'a3', p_now => timestamptz :'t' + interval '1 day');
select is(tests.ordered(:'org', 'resend.email'), 1::bigint, 'it is told once, however far it falls');
select private.reserve_call_credits(:'org', tests.call_of(:'org', 1), p_now => :'t');
select private.release_reserved_credits(tests.call_of(:'org', 1), 'x', p_now => :'t');
select is(tests.ordered(:'org', 'resend.email'), 1::bigint, 'whatever moves it');
select private.add_credits(:'org', 101, 'topup', 'a4', p_now => timestamptz :'t' + interval '2 days');
select is((tests.wallet(:'org')).low_balance_told_at, null, 'once it is at the alert again');
select private.add_credits(:'org', -1, 'adjustment', 'a5', p_now => timestamptz :'t' + interval '3 days');
select is(tests.ordered(:'org', 'resend.email'), 2::bigint, 'falling below is told anew');
select private.reserve_call_credits(:'org', tests.call_of(:'org', 2), p_now => :'t');
select is((tests.wallet(:'org')).low_balance_told_at, timestamptz '2026-11-05 12:00+00', 'a hold is not spent: the balance counts');

select private.add_credits(:'silent', -99, 'adjustment', 'a', p_now => :'t');
select is(tests.ordered(:'silent', 'resend.email'), 0::bigint, 'who wants no alert has none');
update public.credit_wallets set low_balance_alert_pence = 10 where org_id = :'silent';
update public.organizations set email = null where id = :'silent';
select private.add_credits(:'silent', 1, 'bonus', 'b', p_now => :'t');
select isnt((tests.wallet(:'silent')).low_balance_told_at, null, 'without an address the screens are told');
select is(tests.ordered(:'silent', 'resend.email'), 0::bigint, 'and no email is sent');
update public.credit_wallets set low_balance_alert_pence = null where org_id = :'silent';
select lives_ok(format('select private.add_credits(%L, -50, %L, %L)', :'silent', 'adjustment', 'c'), 'an alert may be taken away again');
select is((select count(*) from private.events where org_id = :'silent' and kind = 'wallet.low'), 1::bigint, 'which ends the matter');

select * from finish();
rollback;
