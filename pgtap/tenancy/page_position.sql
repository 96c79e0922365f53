begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select is(private.page_position(null), null, 'no cursor is no position');
select is(
    private.page_position(private.page_cursor('2026-01-02 03:04:05.678901+00', '11111111-2222-3333-4444-555555555555')),
    row(timestamptz '2026-01-02 03:04:05.678901+00', uuid '11111111-2222-3333-4444-555555555555')::private.page_position,
    'a cursor is read back to the microsecond');
select tests.throws_code($$ select private.page_position('') $$, 'invalid_cursor');
select tests.throws_code($$ select private.page_position('1.1') $$, 'invalid_cursor');
select tests.throws_code($$ select private.page_position('99999999999999999999.11111111-2222-3333-4444-555555555555') $$, 'invalid_cursor');
select tests.throws_code($$ select private.page_position('-999999999999999999.11111111-2222-3333-4444-555555555555') $$, 'invalid_cursor');

select * from finish();
rollback;
