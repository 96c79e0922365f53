begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

select lives_ok($$ select private.check_transaction_type(t) from unnest('{topup,deduction,refund,bonus,adjustment}'::text[]) as t $$, 'the ledger''s types pass');
select lives_ok('select private.check_transaction_type(null)', 'and so does none');
select tests.throws_code($$ select private.check_transaction_type('call') $$, 'invalid_value');
select tests.throws_code($$ select private.check_transaction_type('') $$, 'invalid_value');

select * from finish();
rollback;
