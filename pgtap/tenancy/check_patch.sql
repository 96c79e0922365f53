begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(8);

select lives_ok($$ select private.check_patch('{"a": "x", "b": null}', '{"a": "string", "b": "number?"}') $$, 'known keys of the right types pass');
select lives_ok($$ select private.check_patch('{}', '{"a": "string"}') $$, 'none need be there');
select tests.throws_code($$ select private.check_patch('{"c": 1}', '{"a": "string"}') $$, 'unknown_field');
select tests.throws_code($$ select private.check_patch('{"a": null}', '{"a": "string"}') $$, 'invalid_value', 'null only where it may be');
select tests.throws_code($$ select private.check_patch('{"b": "7"}', '{"b": "number?"}') $$, 'invalid_value', 'a text is no number');
select tests.throws_code($$ select private.check_patch('"a"', '{"a": "string"}') $$, 'invalid_value', 'a patch is an object');
select tests.throws_code($$ select private.check_patch(null, '{"a": "string"}') $$, 'invalid_value');
select throws_ok($$ select private.check_patch('{"c": 1}', '{}') $$, 'PT422', 'There is a field here that is not known.', 'in words');

select * from finish();
rollback;
