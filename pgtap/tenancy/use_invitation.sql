begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'other', 'user') as person, tests.email('second') as second_email \gset
select email from auth.users where id = :'person' \gset
update auth.users set raw_user_meta_data = '{}' where id = :'person';
update public.profiles set status = 'inactive' where id = :'person';
insert into public.org_invitations (org_id, email, role, full_name, expires_at) values
    (:'org', upper(:'email'), 'manager', 'Ivy Invited', now() + interval '1 day'),
    (:'org', :'second_email', 'admin', null, now() + interval '1 day'),
    (:'other', :'email', 'admin', null, now() + interval '1 day');
insert into private.directory (kind, key, org_id)
values ('invited_email', :'email', :'org'), ('invited_email', :'second_email', :'other');

create temp table joined as
select (private.use_invitation(i, :'person', now() + interval '1 hour')).*
from public.org_invitations i where i.org_id = :'org' and lower(i.email) = :'email';
select results_eq(
    'select org_id, id, role, status, full_name from joined',
    format($$ values (%L::uuid, %L::uuid, 'manager', 'active', 'Ivy Invited') $$, :'org', :'person'),
    'whoever was invited joins, with the role and the name of the invitation');
select results_eq(
    format('select p from public.profiles p where p.org_id = %L and p.id = %L', :'org', :'person'),
    'select j::text::public.profiles from joined j', 'the answer is the profile');
select results_eq(
    format('select status, accepted_by, accepted_at from public.org_invitations where org_id = %L and lower(email) = %L', :'org', :'email'),
    format($$ values ('accepted', %L::uuid, now() + interval '1 hour') $$, :'person'), 'the invitation is used up, by whom and when');
select is_empty(
    format($$ select from private.directory where kind = 'invited_email' and key = %L $$, :'email'), 'and leads nowhere any more');
select is((private.open_invitation(:'email')).id, null, 'nobody else joins by it');
select is(
    (select status from public.org_invitations where org_id = :'org' and email = :'second_email'), 'pending', 'other invitations wait on');
select is(
    (select status from public.org_invitations where org_id = :'other' and email = :'email' and role = 'admin'), 'pending',
    'even another organisation''s to the same address');
select tests.as_user(:'person');
select is((public.me()).role, 'manager', 'the next token is a member''s');

-- One that the directory does not lead to: the address was invited elsewhere first.
select tests.as_owner();
select tests.sign_up(tests.email('late')) as late \gset
select is(
    (select (private.use_invitation(i, :'late')).role from public.org_invitations i where i.org_id = :'org' and i.email = :'second_email'),
    'admin', 'an invitation that came second can be used by its token');
select is(
    (select org_id from private.directory where kind = 'invited_email' and key = :'second_email'), :'other'::uuid,
    'and leaves the first where it waits');
select is(
    (select accepted_at from public.org_invitations where org_id = :'org' and email = :'second_email'), now(), 'used now, if nothing else is said');
select throws_ok(
    format('select private.use_invitation(i, gen_random_uuid()) from public.org_invitations i where i.org_id = %L and i.email = %L and i.role = %L', :'other', :'email', 'admin'),
    'P0002', null, 'without an account nobody joins');

select * from finish();
rollback;
