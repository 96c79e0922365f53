begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select is(private.paid_time(280, 56), interval '5 minutes', 'a slice of 280 pence lasts five minutes at 56 a minute');
select is(private.paid_time(56, 56), interval '1 minute', 'a minute''s price lasts a minute');
select is(private.paid_time(1, 56), interval '1.071429 seconds', 'a penny a little more than a second');
select is(private.paid_time(0, 56), interval '0', 'and nothing no time');

select is(private.hold_slice_pence(56), 280::bigint, 'five minutes are held at a time');
select is(private.hang_up_guard(), interval '3 seconds', 'and the order to hang up leaves three seconds early');

select * from finish();
rollback;
