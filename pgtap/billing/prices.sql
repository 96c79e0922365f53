begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(10);

insert into public.billing_rates (effective_from, pence_per_minute, cap_slack_pence) values ('2031-01-01 00:00+00', 60, 7);
insert into public.asset_prices (asset_type, effective_from, price_pence) values
    ('test_number', '2031-01-01 00:00+00', 1200), ('test_number', '2030-01-01 00:00+00', 900);

select is((private.current_rate('2026-11-21 12:00+00')).pence_per_minute, 56, 'a minute costs 56 pence');
select is((private.current_rate('2026-11-21 12:00+00')).cap_slack_pence, 5, 'and the provider''s lateness has 5 of the cap');
select is((private.current_rate('2030-12-31 23:59:59+00')).pence_per_minute, 56, 'a new price is not the price before its time');
select is((private.current_rate('2031-01-01 00:00+00')).pence_per_minute, 60, 'but from its first moment on');
select is((private.current_rate('2031-01-01 00:00+00')).cap_slack_pence, 7, 'with its own slack');

select is(private.asset_price('test_number', '2030-06-01 00:00+00'), 900::bigint, 'an asset costs what it did then');
select is(private.asset_price('test_number', '2031-01-01 00:00+00'), 1200::bigint, 'and the newest price from its first moment on');
select tests.throws_code($$ select private.asset_price('test_number', '2029-12-31 23:59+00') $$, 'unknown_asset_type', 'before its first price it is not for sale');
select tests.throws_code($$ select private.asset_price('castle', '2031-01-01 00:00+00') $$, 'unknown_asset_type', 'nobody buys what has no price');
select tests.throws_code($$ select private.asset_price(null, '2031-01-01 00:00+00') $$, 'unknown_asset_type', 'nor what has no name');

select * from finish();
rollback;
