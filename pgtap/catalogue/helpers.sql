-- The helpers themselves: a check that always passes would make every file above it worthless.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(19);

select check_test(tests.throws_code($$ select private.fail('not_found') $$, 'not_found'), true, 'throws_code: the right code');
select check_test(tests.throws_code($$ select private.fail('in_use') $$, 'not_found'), false, 'throws_code: another code');
select check_test(tests.throws_code('select 1', 'not_found'), false, 'throws_code: no error');
select check_test(
    tests.throws_code($$ do $f$ begin raise exception 'x' using errcode = 'PT403', hint = 'not_found'; end $f$ $$, 'not_found'),
    false, 'throws_code: the code with another status');
select check_test(
    tests.throws_code($$ select private.fail('no_such_code') $$, 'no_such_code'), false, 'throws_code: a code nobody registered');
select check_test(
    tests.refuses_code($$ select private.refuse('not_found') $$, 'not_found'), true, 'refuses_code: the right code');
select check_test(tests.refuses_code($$ select private.refuse('in_use') $$, 'not_found'), false, 'refuses_code: another code');
select check_test(
    tests.refuses_code($$ select '{"code": "not_found"}'::jsonb $$, 'not_found'), false, 'refuses_code: no status set');
select check_test(tests.refuses_code($$ select private.fail('not_found') $$, 'not_found'), false, 'refuses_code: an error');
select check_test(
    tests.rule_catches('tables_have_primary_keys', 'select 1', 'private.planted'), false, 'rule_catches: nothing planted');

select tests.org('Smile') as org, tests.org('Other') as other \gset
select tests.admin(:'org') as ann, tests.user(:'org', 'manager') as bea \gset
select results_eq(
    format('select role, status, org_id from public.profiles where id in (%L, %L) order by role', :'ann', :'bea'),
    format($$ values ('admin', 'active', %1$L::uuid), ('manager', 'active', %1$L) $$, :'org'),
    'members have the role they were asked for, in that organisation');
select is(
    (select array_agg(o.name order by o.name) from public.organizations o where o.id in (:'org', :'other')),
    array['Other', 'Smile'], 'organisations have the name they were asked for, and nobody made a third');

select tests.as_user(:'bea');
select is(
    concat_ws(' ', current_user, auth.uid(), public.auth_org_id(), auth.role()),
    concat_ws(' ', 'authenticated', :'bea', :'org', 'authenticated'), 'as_user');
select tests.as_api_key(tests.api_key(:'org', '{services:read}'));
select is(
    concat_ws(' ', current_user, coalesce(auth.uid()::text, 'nobody'), public.auth_org_id()),
    concat_ws(' ', 'authenticated', 'nobody', :'org'), 'as_api_key');
select tests.as_anon();
select is(current_user, 'anon'::name, 'as_anon');
select tests.as_service();
select is(current_user, 'service_role'::name, 'as_service');
select tests.as_owner();
select is(current_user, session_user, 'as_owner');
select is(coalesce(auth.jwt(), '{}'), '{}', 'and carries no claims');
select is(tests.freeze_time('2030-01-01 00:00+00'), tests.now(), 'freeze_time');

select * from finish();
rollback;
