begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select is(private.pounds(1234), '£12.34', 'people read pounds and pence');
select is(private.pounds(5), '£0.05', 'pennies have two digits');
select is(private.pounds(0), '£0.00', 'nothing is written out');
select is(private.pounds(-501), '-£5.01', 'a debt has its sign in front');
select is(private.pounds(100000000), '£1000000.00', 'a million has no separators');

select * from finish();
rollback;
