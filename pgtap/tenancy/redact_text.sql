begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

select is(private.redact_text('Call +44 or ann.lee@x.test', '{ann.lee@x.test,ann lee}'), 'Call +44 or [erased]', 'a value goes');
select is(private.redact_text('ANN LEE said (Ann Lee)', '{ann lee}'), '[erased] said ([erased])', 'in any case, wherever it stands');
select is(private.redact_text('Ann Leeds', '{ann lee}'), 'Ann Leeds', 'other words stay');
select is(private.redact_text('Al', '{al}'), '[erased]', 'a short value goes when it is all there is');
select is(private.redact_text('Also Al', '{al}'), 'Also Al', 'and not out of a sentence');
select is(private.redact_text('a+b.c*d', '{a+b.c*d}'), '[erased]', 'a value is no pattern');
select is(private.redact_text(null, '{x}'), null, 'nothing stays nothing');

select * from finish();
rollback;
