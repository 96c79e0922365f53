begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

select lives_ok($$ select private.check_person() $$, 'what is not said is not checked');
select lives_ok($$ select private.check_person('a@b.test', 'user', 'A B', '+447700900123', 'https://x.test/a.png') $$, 'what is right passes');
select tests.throws_code($$ select private.check_person(p_email => 'a b@c.test') $$, 'invalid_value');
select tests.throws_code($$ select private.check_person(p_role => 'owner') $$, 'invalid_value');
select tests.throws_code($$ select private.check_person(p_full_name => repeat('x', 201)) $$, 'invalid_value');
select tests.throws_code($$ select private.check_person(p_phone => '07700 900123') $$, 'invalid_value');
select tests.throws_code($$ select private.check_person(p_avatar_url => 'data:image/png;base64,x') $$, 'invalid_value');

select * from finish();
rollback;
