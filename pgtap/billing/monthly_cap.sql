begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

-- 300 pence a month. The months are London's: British Summer Time ends at 01:00 UTC on 25 October 2026.
select tests.funded(100000) as org \gset
update public.credit_wallets set monthly_cap_pence = 300 where org_id = :'org';
create function pg_temp.admission(p_org uuid, p_n integer, p_at timestamptz) returns text language sql as $$
    select concat_ws(' ', a.held_pence, a.reason) from private.reserve_call_credits(p_org, tests.call_of(p_org, p_n), p_now => p_at) a;
$$;

select is(pg_temp.admission(:'org', 1, '2026-10-31 20:00+00'), '280', 'five minutes are within the month');
select is(pg_temp.admission(:'org', 2, '2026-10-31 20:00+00'), '0 monthly_cap_reached', 'what is held counts: 20 pence are no minute');
select is((private.renew_call_reservation(tests.call_of(:'org', 1), '2026-10-31 20:04+00')).reserved_pence, 300::bigint, 'a renewal takes the month''s last pence');
select is((private.renew_call_reservation(tests.call_of(:'org', 1), '2026-10-31 20:05+00')).reserved_pence, 300::bigint, 'and then none');
select private.commit_reserved_credits(tests.call_of(:'org', 1), 200, 'report', p_now => '2026-10-31 20:06+00');
select is(pg_temp.admission(:'org', 3, '2026-10-31 23:59:59+00'), '113', 'what was used counts: of 300 pence 187 are gone');
select private.commit_reserved_credits(tests.call_of(:'org', 3), 60, 'report', p_now => '2026-10-31 23:59:59.9+00');
select is(pg_temp.admission(:'org', 4, '2026-11-01 00:00+00'), '280', 'a new month begins at midnight in London');
select private.commit_reserved_credits(tests.call_of(:'org', 4), 300, 'report', p_now => '2026-11-01 00:10+00');
select is(pg_temp.admission(:'org', 5, '2026-11-01 00:10+00'), '0 monthly_cap_reached', 'and counts on its own');

select tests.funded(100000) as summer \gset
update public.credit_wallets set monthly_cap_pence = 300 where org_id = :'summer';
select private.deduct_call_credits(:'summer', tests.call_of(:'summer', 1), null, 300, p_now => '2026-06-30 22:59:59+00');
select is(pg_temp.admission(:'summer', 2, '2026-06-30 22:59:59+00'), '0 monthly_cap_reached', 'in summer June ends');
select is(pg_temp.admission(:'summer', 3, '2026-06-30 23:00+00'), '280', 'at 23:00 UTC');

select private.check_balance_and_deduct_asset_cost(:'summer', 5000, 'managed_number', 'n', p_now => '2026-06-30 23:01+00');
select is(private.month_left_pence(tests.wallet(:'summer'), '2026-06-30 23:02+00'), 20::bigint, 'the cap is for calls: a purchase does not count');
update public.credit_wallets set monthly_cap_pence = null where org_id = :'summer';
select is(private.month_left_pence(tests.wallet(:'summer'), '2026-06-30 23:02+00'), 9223372036854775807, 'without a cap there is no end');

select * from finish();
rollback;
