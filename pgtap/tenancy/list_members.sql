begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member, tests.user(:'org', 'user') as former \gset
update public.profiles set status = 'inactive' where id = :'former';
select tests.api_key(:'org', '{members:read}') as key \gset

select tests.as_user(:'member');
select bag_eq('select id from public.list_members()', format('values (%L::uuid), (%L)', :'admin', :'member'), 'every member sees who is there');
select is((select count(*) from public.list_members(true)), 3::bigint, 'and who was, when asked');
select is_empty(format('select from public.list_members(true) where org_id <> %L', :'org'), 'and nobody else''s');
select tests.as_api_key(:'key');
select is((select count(*) from public.list_members()), 2::bigint, 'a key with the scope does too');
select tests.as_user(:'former');
select tests.throws_code('select public.list_members()', 'not_a_member', 'who was there does not');

select * from finish();
rollback;
