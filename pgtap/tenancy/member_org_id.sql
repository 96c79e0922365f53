begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.org('Here') as org, tests.org('There') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member, tests.admin(:'other') as stranger \gset
select tests.api_key(:'org', '{members:read}') as key \gset

select tests.as_user(:'member');
select is(private.member_org_id(), :'org'::uuid, 'a member sees their organisation');
select tests.as_api_key(:'key');
select is(private.member_org_id(), :'org'::uuid, 'so does an API key');

select tests.as_user(:'member', jsonb_build_object('app_metadata', jsonb_build_object('org_id', :'other')));
select is(private.member_org_id(), null, 'naming another organisation opens nothing');
select tests.as_user(:'member', jsonb_build_object('user_metadata', jsonb_build_object('org_id', :'other')));
select is(private.member_org_id(), :'org'::uuid, 'what a user writes about themselves changes nothing');
select tests.as_user(:'member', '{"app_metadata": {}}');
select is(private.member_org_id(), null, 'no organisation in the claims is no organisation');
select tests.as_user(:'member', '{"app_metadata": {"org_id": "1 or 1=1"}}');
select is(private.member_org_id(), null, 'a malformed one is none');
select tests.as_user(:'member', '{"sub": "nobody"}');
select is(private.member_org_id(), null, 'nor is a malformed user somebody');
select tests.as_claims(jsonb_build_object(
    'role', 'authenticated', 'api_key_id', :'key', 'app_metadata', jsonb_build_object('org_id', :'other')));
select is(private.member_org_id(), null, 'a key of one organisation opens no other');
select tests.as_user(:'member', jsonb_build_object('api_key_id', :'key'));
select is(private.member_org_id(), :'org'::uuid, 'a person stays a person beside a key');

select tests.as_owner();
update public.profiles set status = 'suspended' where id = :'member';
select tests.as_user(:'member');
select is(private.member_org_id(), null, 'a suspended member sees nothing');
select is_empty('select from public.services', 'and reads nothing');
select tests.as_owner();
update public.profiles set status = 'inactive' where id = :'member';
select tests.as_user(:'member');
select is(private.member_org_id(), null, 'a removed member sees nothing, whatever the token says');

select tests.as_owner();
update public.api_keys set expires_at = now() - interval '1 second' where id = :'key';
select tests.as_api_key(:'key');
select is(private.member_org_id(), null, 'an expired key sees nothing');
select tests.as_owner();
update public.api_keys set expires_at = null, revoked_at = now() where id = :'key';
select tests.as_api_key(:'key');
select is(private.member_org_id(), null, 'a revoked key sees nothing');

select tests.as_owner();
select public.suspend_organization(:'org', 'unpaid') is not null as suspended \gset
select tests.as_user(:'admin');
select is(private.member_org_id(), null, 'nobody sees anything of a suspended organisation');
select is_empty('select from public.organizations', 'not even that it is there');
select tests.as_user(:'stranger');
select is(private.member_org_id(), :'other'::uuid, 'another organisation goes on');

select * from finish();
rollback;
