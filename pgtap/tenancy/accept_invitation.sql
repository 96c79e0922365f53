begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.admin(:'other') as other_admin \gset

-- A person who was a member elsewhere once, and one who still is.
select tests.user(:'other', 'user') as person, tests.user(:'other', 'user') as bystander \gset
select email as person_email, (select email from public.profiles where id = :'bystander') as bystander_email
from public.profiles where id = :'person' \gset
update public.profiles set status = 'inactive' where id = :'person';
create function pg_temp.token(p_email text) returns text language sql security definer set search_path = pg_catalog, pg_temp
as $$ select (regexp_match(text, 'invitations/([0-9a-f]{64})'))[1] from private.emails where recipient = p_email and template = 'invitation' order by created_at desc limit 1 $$;

select tests.as_user(:'admin');
select (public.invite_member(:'person_email', 'manager')).id as invitation, (public.invite_member(:'bystander_email')).id as other_invitation \gset
select tests.as_owner();
select pg_temp.token(:'person_email') as token, pg_temp.token(:'bystander_email') as bystander_token \gset

select tests.as_user(:'bystander');
select tests.throws_code(format('select public.accept_invitation(%L)', :'token'), 'invitation_for_another_email', 'a forwarded email helps nobody');
select tests.throws_code(format('select public.accept_invitation(%L)', :'bystander_token'), 'already_in_organization', 'a member of one organisation joins no other');
select tests.throws_code($$ select public.accept_invitation('guess') $$, 'invitation_not_found');
select tests.throws_code('select public.accept_invitation(null)', 'invitation_not_found');
select tests.as_anon();
select throws_ok(format('select public.accept_invitation(%L)', :'token'), '42501', null, 'nobody joins without signing in');

select tests.as_owner();
select public.suspend_organization(:'org', 'unpaid') is not null as suspended \gset
select tests.as_user(:'person');
select tests.throws_code(format('select public.accept_invitation(%L)', :'token'), 'invitation_not_found', 'a suspended organisation takes nobody in');
select tests.as_owner();
select public.resume_organization(:'org') is not null as resumed \gset
update public.org_invitations set expires_at = now() - interval '1 second' where id = :'invitation';
select tests.as_user(:'person');
select tests.throws_code(format('select public.accept_invitation(%L)', :'token'), 'invitation_expired');
select tests.as_owner();
update public.org_invitations set expires_at = now() + interval '1 day' where id = :'invitation';

select tests.as_user(:'person');
select is((public.accept_invitation(:'token')).role, 'manager', 'the invited person joins with the role');
select tests.throws_code(format('select public.accept_invitation(%L)', :'token'), 'invitation_used', 'once');
select tests.as_user(:'person');
select is(private.member_org_id(), :'org'::uuid, 'the next token is of the new organisation');
select is((select count(*) from public.profiles where id = :'person'), 1::bigint, 'which sees nothing of the old one');
select tests.as_owner();
select is((select status from public.profiles where id = :'person' and org_id = :'other'), 'inactive', 'there they stay a former member');
select is((select accepted_by from public.org_invitations where id = :'invitation'), :'person'::uuid, 'it is on record who came');

update public.profiles set status = 'inactive' where id = :'bystander';
select tests.as_user(:'admin');
select public.revoke_invitation(:'other_invitation') is not null as revoked \gset
select tests.as_user(:'bystander');
select tests.throws_code(format('select public.accept_invitation(%L)', :'bystander_token'), 'invitation_not_found', 'one that was taken back opens nothing');
select is(private.member_org_id(), null, 'and they stay outside');

select * from finish();
rollback;
