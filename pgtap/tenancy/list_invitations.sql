begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as stranger, tests.user(:'org', 'manager') as manager \gset
select tests.as_user(:'stranger');
select public.invite_member('theirs@example.test') is not null as invited \gset

select tests.as_user(:'admin');
select public.invite_member('ours@example.test') is not null as invited \gset
select is((select count(*) from public.list_invitations() where email = 'ours@example.test'), 1::bigint, 'an admin sees who is invited');
select is_empty(format('select from public.list_invitations() where org_id <> %L', :'org'), 'by their own organisation');
select tests.as_user(:'manager');
select tests.throws_code('select public.list_invitations()', 'role_too_low');

select * from finish();
rollback;
