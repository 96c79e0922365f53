begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.org() as org, tests.org() as other, gen_random_uuid() as call \gset
select tests.admin(:'org') as admin \gset
select private.post_entry(:'org', 2500, 'topup', 'stripe:pi_1', 'Top-up', 'pi_1', p_now => '2026-10-31 23:59:59.999+00') is not null;
select private.post_entry(:'org', 5000, 'topup', 'stripe:pi_2', 'Top-up', 'pi_2', p_now => '2026-11-01 00:00+00') is not null;
select private.post_entry(:'org', -112, 'deduction', 'call:a:1', 'Call', p_call_id => :'call', p_now => '2026-11-02 12:00+00') is not null;
select private.post_entry(:'org', 2, 'adjustment', 'call:a:2', 'Correction', p_call_id => :'call', p_now => '2026-11-02 12:01+00') is not null;
select private.post_entry(:'org', -1000, 'deduction', 'number', 'Number', p_now => '2026-11-03 12:00+00') is not null;
select private.post_entry(:'org', -700, 'refund', 'refund:pi_1:700', 'Refund', p_stripe_object_id => 'ch_1', p_now => '2026-11-04 12:00+00') is not null;
select private.post_entry(:'org', 50, 'adjustment', 'by hand', 'Sorry', p_now => '2026-11-05 12:00+00') is not null;
select private.post_entry(:'org', 9, 'bonus', 'december', 'Bonus', p_now => '2026-12-01 00:00+00') is not null;
select private.post_entry(:'other', 9999, 'topup', 'stripe:pi_3', 'Top-up', 'pi_3', p_now => '2026-11-05 12:00+00') is not null;

select tests.as_user(:'admin');
select results_eq(
    $$ select * from unnest(private.statement_totals('[2026-11-01 00:00+00, 2026-12-01 00:00+00)')) $$,
    $$ values ('topup', 1::bigint, 5000::bigint), ('call', 2, -110), ('purchase', 1, -1000), ('refund', 1, -700), ('bonus', 0, 0), ('adjustment', 1, 50) $$,
    'every kind has its sum, first moment included, last not');
select is(
    (select sum(t.entries) from unnest(private.statement_totals('[2026-01-01 00:00+00, 2027-01-01 00:00+00)')) as t), 8::numeric,
    'every row of the organisation is of one kind, and nobody else''s counts');
select is(
    (select sum(t.gross_pence) from unnest(private.statement_totals('[2025-01-01 00:00+00, 2025-02-01 00:00+00)')) as t), 0::numeric,
    'a quiet month has them all, at nothing');

select * from finish();
rollback;
