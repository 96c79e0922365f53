begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as former, tests.user(:'other', 'user') as elsewhere \gset
select tests.sign_up('free@example.test') as free \gset
delete from private.directory where kind = 'user' and key = :'free';
update public.profiles set status = 'inactive' where id in (:'free', :'former');
select p.email as former_email, (select e.email from public.profiles e where e.id = :'elsewhere') as elsewhere_email
from public.profiles p where p.id = :'former' \gset

select tests.as_user(:'admin');
select to_jsonb(public.add_member('Free@example.test', 'manager', 'Fred Free')) as added \gset
select is(:'added'::jsonb #>> '{member,id}', :'free', 'an account without an organisation is added at once');
select is(:'added'::jsonb #>> '{member,role}', 'manager', 'with the role');
select is(:'added'::jsonb -> 'invitation', 'null', 'and is not invited');
select tests.as_user(:'free');
select is(private.member_org_id(), :'org'::uuid, 'its next token opens the organisation');

select tests.as_user(:'admin');
select is(((public.add_member(:'former_email', 'user')).member).status, 'active', 'a former member is one again');
select tests.throws_code(format('select public.add_member(%L)', :'former_email'), 'already_member', 'once');

select to_jsonb(public.add_member(:'elsewhere_email')) as invited \gset
select is(:'invited'::jsonb -> 'member', 'null', 'who belongs elsewhere is not taken');
select is(:'invited'::jsonb #>> '{invitation,email}', :'elsewhere_email', 'but invited');
select is(((public.add_member('unknown@example.test')).invitation).status, 'pending', 'as is who has no account');
select tests.throws_code($$ select public.add_member('a@b.test', 'root') $$, 'invalid_value');
select tests.as_user(:'former');
select tests.throws_code($$ select public.add_member('a@b.test') $$, 'role_too_low', 'it is for admins');

select * from finish();
rollback;
