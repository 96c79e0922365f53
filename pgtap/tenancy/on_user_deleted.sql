-- private.on_user_deleted(), the trigger.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'manager') as member, tests.user(:'org', 'user') as bystander, tests.user(:'org', 'user') as left_before \gset
select tests.user(:'other', 'user') as moved \gset
select tests.claims(:'member') as claims \gset
create temp table before as select * from public.profiles where id = :'member';

delete from auth.users where id = :'member';
select is((select status from public.profiles where id = :'member'), 'inactive', 'a deleted account is no member any more');
select results_eq(
    format('select full_name, role, email from public.profiles where id = %L', :'member'), 'select full_name, role, email from before',
    'what they did keeps a name');
select is(
    (select after ->> 'status' from public.audit_logs where org_id = :'org' and row_id = :'member' and action = 'update'), 'inactive',
    'and the end is on record');
select is((select org_id from private.directory where kind = 'user' and key = :'member'), :'org'::uuid, 'so is where they were');
select is((select status from public.profiles where id = :'bystander'), 'active', 'others stay');
select tests.as_claims(:'claims');
select is(private.member_org_id(), null, 'their token opens nothing');
select tests.throws_code('select public.me()', 'not_a_member');

select tests.as_owner();
update public.profiles set status = 'inactive', updated_at = '2026-01-01' where id = :'left_before';
delete from auth.users where id = :'left_before';
select is(
    (select updated_at from public.profiles where id = :'left_before'), '2026-01-01'::timestamptz,
    'who had left before is not touched again');

update public.profiles set status = 'suspended' where id = :'moved';
select private.admit_member(:'org', :'moved', 'user') is not null as admitted \gset
delete from auth.users where id = :'moved';
select is((select status from public.profiles where id = :'moved' and org_id = :'org'), 'inactive', 'the membership of today ends');
select is(
    (select status from public.profiles where id = :'moved' and org_id = :'other'), 'suspended',
    'a profile left behind elsewhere stays as it was');

select tests.sign_up(tests.email('lost')) as lost \gset
delete from private.directory where kind = 'user' and key = :'lost';
select lives_ok(format('delete from auth.users where id = %L', :'lost'), 'an account that belongs nowhere can be deleted');
select is((select status from public.profiles where id = :'lost'), 'active', 'a profile that the directory does not lead to is not found');

select * from finish();
rollback;
