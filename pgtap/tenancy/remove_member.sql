begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'admin') as second, tests.user(:'org', 'user') as member, tests.admin(:'other') as stranger \gset

select tests.as_user(:'admin');
select is((public.remove_member(:'member')).status, 'inactive', 'a member is removed');
select tests.throws_code(format('select public.remove_member(%L)', :'member'), 'member_not_found', 'and is not there any more');
select tests.throws_code(format('select public.remove_member(%L)', :'stranger'), 'member_not_found', 'nor is anybody of another organisation');
select tests.as_user(:'member');
select tests.throws_code('select public.me()', 'not_a_member', 'their token opens nothing');
select is_empty('select from public.services', 'at once');

select tests.as_user(:'second');
select is((public.remove_member(:'admin')).id, :'admin'::uuid, 'an admin may be removed');
select tests.throws_code(format('select public.remove_member(%L)', :'second'), 'last_admin', 'the last one may not, not even by themselves');
select tests.as_owner();
select is((select status from public.profiles where id = :'second'), 'active', 'and stays');
select is(
    (select count(*) from public.security_audit_log where org_id = :'org' and kind = 'member_removed'), 2::bigint,
    'removals are on record');
update public.profiles set status = 'suspended' where id = :'second';
update public.profiles set status = 'active', role = 'manager' where id = :'admin';
select tests.as_user(:'admin');
select tests.throws_code(format('select public.remove_member(%L)', :'second'), 'role_too_low', 'managers remove nobody');
select tests.as_owner();
select is((select org_id from private.directory where kind = 'user' and key = :'member'), :'org'::uuid, 'the directory remembers where they were');

select * from finish();
rollback;
