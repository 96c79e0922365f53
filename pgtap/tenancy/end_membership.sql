begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(18);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member, tests.user(:'org', 'manager') as moved, tests.user(:'org', 'user') as bystander \gset
select (select email from auth.users where id = :'member') as email, tests.email('old') as old_email, tests.email('other') as other_email \gset
insert into public.org_invitations (org_id, email, role, expires_at) values
    (:'org', upper(:'email'), 'user', now() + interval '1 day'), (:'org', :'old_email', 'user', now() + interval '1 day'),
    (:'org', :'other_email', 'user', now() + interval '1 day'), (:'other', :'email', 'user', now() + interval '1 day');
insert into private.directory (kind, key, org_id)
values ('invited_email', :'email', :'org'), ('invited_email', :'old_email', :'other'), ('invited_email', :'other_email', :'org');
create function pg_temp.ends(p_org uuid, p_user uuid, p_identifiers text[] default '{}') returns void language sql as $$
    select private.end_membership(p_org, p_user, p_identifiers);
$$;

select tests.throws_code(format('select pg_temp.ends(%L, %L)', :'org', :'admin'), 'last_admin', 'the last admin stays');
select is((select status from public.profiles where id = :'admin'), 'active', 'a member');
select isnt_empty(format('select from auth.users where id = %L', :'admin'), 'with an account');

select lives_ok(
    format('select pg_temp.ends(%L, %L, array[%L, %L]::text[])', :'org', :'member', :'email', :'old_email'), 'a membership ends');
select is((select status from public.profiles where org_id = :'org' and id = :'member'), 'inactive', 'they are no member');
select is_empty(format('select from auth.users where id = %L', :'member'), 'and have no account');
select results_eq(
    format('select lower(email), status from public.org_invitations where org_id = %L and accepted_at is null order by lower(email) = %L desc, lower(email) = %L desc', :'org', :'email', :'old_email'),
    format($$ values (%L, 'revoked'), (%L, 'revoked'), (%L, 'pending') $$, :'email', :'old_email', :'other_email'),
    'no invitation waits for an address they had, in any spelling; those of others do');
select is((select status from public.org_invitations where org_id = :'other' and email = :'email'), 'pending', 'nor are another organisation''s touched');
select is(
    (select count(*) from public.org_invitations where org_id = :'org' and email = :'email' and status = 'accepted'), 1::bigint,
    'by which they came stays on record');
select is_empty(format($$ select from private.directory where kind = 'invited_email' and key = %L $$, :'email'), 'signing up again leads nowhere');
select is(
    (select org_id from private.directory where kind = 'invited_email' and key = :'old_email'), :'other'::uuid,
    'unless another organisation invited them');
select isnt_empty(format($$ select from private.directory where kind = 'invited_email' and key = %L $$, :'other_email'), 'others may still come');
select is((select status from public.profiles where id = :'bystander'), 'active', 'other members stay');

update public.profiles set updated_at = '2026-01-01' where id = :'member';
select lives_ok(format('select pg_temp.ends(%L, %L, array[%L])', :'org', :'member', :'email'), 'doing it again');
select is((select updated_at from public.profiles where id = :'member'), '2026-01-01'::timestamptz, 'changes nothing');

select private.admit_member(:'other', :'moved', 'user') is not null as admitted \gset
select pg_temp.ends(:'org', :'moved');
select is((select status from public.profiles where org_id = :'org' and id = :'moved'), 'inactive', 'who has joined another organisation leaves this one');
select is((select status from public.profiles where org_id = :'other' and id = :'moved'), 'active', 'and not that one');
select isnt_empty(format('select from auth.users where id = %L', :'moved'), 'whose account it is');

select * from finish();
rollback;
