begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.throws_code($$ select private.fail('not_found') $$, 'not_found', 'an error comes from the registry');
select throws_ok($$ select private.fail('no_such_code') $$, 'XX000', null, 'a code that is not in it is our mistake, not the caller''s');
select throws_ok(
    $$ select private.fail('role_too_low', '{"least_role": "admin"}') $$, 'PT403', 'Your role does not allow this.',
    'the status travels in the SQLSTATE, the sentence in the message');

select * from finish();
rollback;
