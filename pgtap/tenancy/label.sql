begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select is(private.label(E'  Smile\t\n Dental '), 'Smile Dental', 'blanks and control characters become one blank');
select is(private.label(''), null, 'nothing is no name');
select is(private.label(E' \n '), null, 'nor are blanks');
select is(private.label(null), null);
select is(length(private.label(repeat('x', 500))), 200, 'a name is not too long');
select is(private.label('abc def', 4), 'abc', 'and does not end in a blank where it is cut');

select * from finish();
rollback;
