begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

select is(private.paid_time(280, 56), interval '5 minutes', 'a slice of 280 pence lasts five minutes at 56 a minute');
select is(private.paid_time(56, 56), interval '1 minute', 'a minute''s price lasts a minute');
select is(private.paid_time(1, 56), interval '1.071429 seconds', 'a penny a little more than a second');
select is(private.paid_time(0, 56), interval '0', 'and nothing no time');

select * from finish();
rollback;
