begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select tests.org('Smile') as org \gset
select tests.admin(:'org') as ann \gset
select email as ann_email from auth.users where id = :'ann' \gset
select private.operator_token_claims('  ' || upper(:'ann_email') || ' ') as claims \gset
select is(:'claims'::jsonb ->> 'sub', :'ann', 'the account is found by its email, however it is written');
select is(:'claims'::jsonb #>> '{app_metadata,org_id}', :'org', 'and the claims name its organisation');
select is(:'claims'::jsonb ->> 'role', 'authenticated', 'the operator becomes that person, and nothing more');

select tests.throws_code($$ select private.operator_token_claims('nobody@example.test') $$, 'user_not_found');
update auth.users set deleted_at = now() where id = :'ann';
select tests.throws_code(format('select private.operator_token_claims(%L)', :'ann_email'), 'user_not_found', 'a deleted account has none');
select tests.as_user(tests.user(:'org'));
select throws_ok(format('select private.operator_token_claims(%L)', :'ann_email'), '42501', null, 'no client makes itself a token');

select * from finish();
rollback;
