begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(2);

select is(private.redact_bytes(convert_to('{"to": "ä@x.test"}', 'UTF8'), '{ä@x.test}'), convert_to('{"to": "[erased]"}', 'UTF8'), 'text in bytes is redacted');
select is(private.redact_bytes('\xfffe00', '{x}'), '\xfffe00', 'what is no text stays');

select * from finish();
rollback;
