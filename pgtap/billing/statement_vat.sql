begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select tests.org() as org, tests.org() as quiet, gen_random_uuid() as call \gset
select tests.admin(:'org') as admin, tests.admin(:'quiet') as stranger \gset
insert into public.vat_rates (effective_from, percent) values ('2026-11-15 00:00+00', 17.5);
select private.post_entry(:'org', 90000, 'topup', 'stripe:pi_1', 'Top-up', 'pi_1', p_now => '2026-11-01 00:00+00') is not null;
select count(private.post_entry(:'org', -1, 'deduction', 'call:' || n, 'Call', p_call_id => gen_random_uuid(), p_now => '2026-11-02 12:00+00')) from generate_series(1, 9) as n;
select private.post_entry(:'org', -1000, 'deduction', 'number', 'Number', p_now => '2026-11-03 12:00+00') is not null;
select private.post_entry(:'org', -112, 'deduction', 'call:a:1', 'Call', p_call_id => :'call', p_now => '2026-11-15 00:00+00') is not null;
select private.post_entry(:'org', -800, 'refund', 'refund:pi_1:800', 'Refund', p_stripe_object_id => 'ch_1', p_now => '2026-11-16 12:00+00') is not null;
select private.post_entry(:'org', -80, 'adjustment', 'by hand', 'Correction', p_now => '2026-11-16 12:00+00') is not null;
select private.post_entry(:'org', 1000, 'refund', 'number:refund', 'Number not had', p_now => '2026-12-03 12:00+00') is not null;

select tests.as_user(:'admin');
select results_eq(
    $$ select v.kind, v.percent, v.gross_pence, v.net_pence, v.vat_pence
       from unnest(private.statement_vat('[2026-11-01 00:00+00, 2026-12-01 00:00+00)')) as v $$,
    $$ values ('call', 17.5, 112::bigint, 95::bigint, 17::bigint), ('call', 20, 9, 7, 2), ('purchase', 20, 1000, 833, 167) $$,
    'calls and purchases alone, by the rate of their day, rounded once for each sum');
select results_eq(
    $$ select v.gross_pence, v.net_pence, v.vat_pence from unnest(private.statement_vat('[2026-12-01 00:00+00, 2027-01-01 00:00+00)')) as v $$,
    $$ values (-1000::bigint, -851::bigint, -149::bigint) $$,
    'what was given back takes its tax back with it');
select is(private.statement_vat('[2026-10-01 00:00+00, 2026-11-01 00:00+00)'), '{}', 'where nothing was used there is none');
select tests.as_user(:'stranger');
select is(private.statement_vat('[2026-11-01 00:00+00, 2026-12-01 00:00+00)'), '{}', 'nor of others');

select tests.as_owner();
insert into public.credit_transactions (
    org_id, seq, amount_pence, type, description, idempotency_key, balance_before_pence, balance_after_pence, entry_hash, created_at)
select :'quiet', n, -n, 'deduction', 'x', 'n:' || n, 0, -n, sha256(''), '2020-01-01 00:00+00'::timestamptz + n * interval '1 day'
from generate_series(1, 700) as n;
insert into public.vat_rates (effective_from, percent) values ('2020-01-01 00:00+00', 20);
select tests.as_user(:'stranger');
create temporary table each_sum as
select n, (private.statement_vat(tstzrange(d.day, d.day + interval '1 day')))[1] as v
from generate_series(1, 700) as n cross join lateral (select '2020-01-01 00:00+00'::timestamptz + n * interval '1 day' as day) as d;
select is((select count(*) from each_sum where (v).gross_pence <> n), 0::bigint, 'of every sum from a penny on');
select is((select count(*) from each_sum where (v).net_pence + (v).vat_pence <> (v).gross_pence), 0::bigint, 'net and tax make up gross');
select is((select max(abs((v).vat_pence - n * 20 / 120.0)) <= 0.5 from each_sum), true, 'and the tax is never more than half a penny off');
select is((select (v).vat_pence from each_sum where n = 3), 1::bigint, 'half a penny is rounded up');

select tests.as_owner();
delete from public.vat_rates where effective_from < '2026-01-01 00:00+00';
select tests.as_user(:'stranger');
select is((private.statement_vat('[2020-02-01 00:00+00, 2020-02-02 00:00+00)'))[1].vat_pence, 0::bigint, 'before there was a rate there is no tax');

select * from finish();
rollback;
