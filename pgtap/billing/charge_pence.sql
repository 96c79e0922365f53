begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

select is(private.charge_pence(0, 56), 0::bigint, 'no second costs nothing');
select is(private.charge_pence(1, 56), 1::bigint, 'a second costs a whole penny: the charge is rounded up');
select is(private.charge_pence(2, 56), 2::bigint, 'two cost 1.87 pence, so two');
select is(private.charge_pence(15, 56), 14::bigint, 'what is a whole number of pence is not rounded');
select is(private.charge_pence(16, 56), 15::bigint, 'a second more is');
select is(private.charge_pence(59, 56), 56::bigint, '59 seconds cost 55.07 pence, so a minute''s price');
select is(private.charge_pence(60, 56), 56::bigint, 'a minute costs its price');
select is(private.charge_pence(61, 56), 57::bigint, 'the first second of the second minute one more: it is rounded once, not by minutes');
select is(private.charge_pence(120, 56), 112::bigint, 'two minutes cost twice the price');
select is(private.charge_pence(3300, 56), 3080::bigint, '55 minutes cost 55 times the price');
select is(private.charge_pence(1, 1), 1::bigint, 'nothing that lasted is free, however low the price');
select is(private.charge_pence(10000000, 10000), 1666666667::bigint, 'the longest call at the highest price fits');
select is(private.charge_pence(null, 56), null, 'what is unknown is not nothing');

select * from finish();
rollback;
