begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member, tests.admin(:'other') as stranger \gset

select tests.as_user(:'admin');
select is((public.update_member(:'member', '{"role": "manager", "phone": "+447700900123"}')).role, 'manager', 'a role changes');
select is((public.update_member(:'member', '{"phone": null}')).phone, null, 'null clears');
select is((public.update_member(:'member', '{"full_name": "Mia"}')).role, 'manager', 'what is not there stays');
select tests.throws_code(format($$ select public.update_member(%L, '{"role": "user"}') $$, :'admin'), 'last_admin', 'the last admin cannot be demoted');
select tests.throws_code(format($$ select public.update_member(%L, '{"status": "suspended"}') $$, :'admin'), 'last_admin', 'nor suspended');
select is((public.update_member(:'admin', '{"full_name": "Ada"}')).full_name, 'Ada', 'but renamed');
select is((public.update_member(:'member', '{"role": "admin"}')).role, 'admin', 'with a second admin');
select is((public.update_member(:'admin', '{"role": "user"}')).role, 'user', 'the first may go');
select tests.throws_code(format($$ select public.update_member(%L, '{"role": "admin"}') $$, :'admin'), 'role_too_low', 'and at once may no more');

select tests.as_user(:'member');
select tests.throws_code(format($$ select public.update_member(%L, '{"role": "user"}') $$, :'stranger'), 'member_not_found', 'another organisation''s people are not there');
select tests.throws_code(format($$ select public.update_member(%L, '{"email": "x@y.test"}') $$, :'admin'), 'unknown_field', 'an email is the account''s');
select tests.throws_code(format($$ select public.update_member(%L, '{"status": "inactive"}') $$, :'admin'), 'invalid_value', 'removing is another function');
select tests.throws_code(format($$ select public.update_member(%L, '{"role": "root"}') $$, :'admin'), 'invalid_value');
select is((public.update_member(:'admin', '{"status": "suspended"}')).status, 'suspended', 'a member is suspended');
select tests.as_user(:'admin');
select tests.throws_code('select public.me()', 'account_suspended', 'and is out at once');

select * from finish();
rollback;
