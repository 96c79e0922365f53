begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

select is(private.csv_text('plain'), 'plain');
select is(private.csv_text(null), '', 'nothing is nothing');
select is(private.csv_text(''), '');
select is(private.csv_text('a,b'), '"a,b"', 'a comma is quoted');
select is(private.csv_text('say "aah"'), '"say ""aah"""', 'quotes are doubled');
select is(private.csv_text(E'a\nb'), E'"a\nb"', 'a line''s end is quoted');
select is(private.csv_text(E'a\r'), E'"a\r"');
select is(private.csv_text('=1+1'), '''=1+1', 'a formula is made a text');
select is(private.csv_text('+1'), '''+1');
select is(private.csv_text('-1'), '''-1');
select is(private.csv_text('@SUM(A1)'), '''@SUM(A1)');
select is(private.csv_text(E'\t=1'), E'''\t=1');
select is(private.csv_text(E'\r=1'), E'"''\r=1"', 'and quoted besides');
select is(private.csv_text(E'=HYPERLINK("http://x.test","y")'), '"''=HYPERLINK(""http://x.test"",""y"")"');
select is(private.csv_text('1-2=-1'), '1-2=-1', 'within a text they mean nothing');

select * from finish();
rollback;
