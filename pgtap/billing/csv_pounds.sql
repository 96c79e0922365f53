begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select is(private.csv_pounds(1234), '12.34');
select is(private.csv_pounds(-1234), '-12.34', 'a number stays a number');
select is(private.csv_pounds(-5), '-0.05');
select is(private.csv_pounds(0), '0.00');
select is(private.csv_pounds(100), '1.00');
select is(private.csv_pounds(-9223372036854775808), '-92233720368547758.08', 'to the last penny');

select * from finish();
rollback;
