begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(22);

select tests.org() as org \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member \gset
select tests.api_key(:'org', '{members:read}') as key, tests.org() as other \gset

select tests.as_user(:'admin');
select is(
    to_jsonb(private.authorize('public.create_api_key')),
    jsonb_build_object('org_id', :'org', 'user_id', :'admin', 'api_key_id', null, 'role', 'admin'),
    'an admin is let in, as who they are');
select is((private.authorize('create_api_key')).role, 'admin', 'a bare name is one of schema public');
select throws_ok($$ select private.authorize('public.nothing') $$, 'XX000', null, 'a function outside the matrix is a mistake');
select tests.throws_code($$ select private.authorize('public.suspend_organization') $$, 'not_allowed', 'what is the operator''s is no member''s');

select tests.as_user(:'manager');
select is((private.authorize('public.wallet_summary')).role, 'manager', 'a manager may what a manager may');
select tests.throws_code($$ select private.authorize('public.create_api_key') $$, 'role_too_low', 'and not what an admin may');
select tests.as_user(:'member');
select is((private.authorize('public.me')).org_id, :'org'::uuid, 'a user may what a user may');
select tests.throws_code($$ select private.authorize('public.wallet_summary') $$, 'role_too_low', 'and not what a manager may');

select tests.as_api_key(:'key');
select is((private.authorize('public.list_members')).api_key_id, :'key'::uuid, 'a key may what its scope names');
select tests.throws_code($$ select private.authorize('public.me') $$, 'scope_missing', 'and nothing else');
select tests.throws_code($$ select private.authorize('public.create_api_key') $$, 'scope_missing', 'what has no scope is for people alone');
select tests.throws_code($$ select private.authorize('public.accept_invitation') $$, 'scope_missing', 'even where no role is asked for');

select tests.as_anon();
select tests.throws_code($$ select private.authorize('public.me') $$, 'not_signed_in');
select tests.as_user(:'member', '{"sub": null}');
select tests.throws_code($$ select private.authorize('public.me') $$, 'not_signed_in', 'a token of nobody is no sign-in');
select tests.as_user(:'member', '{"app_metadata": {}}');
select tests.throws_code($$ select private.authorize('public.me') $$, 'no_organization');
select is((private.authorize('public.accept_invitation')).user_id, :'member'::uuid, 'some functions ask for a person only');
select tests.as_user(:'member', jsonb_build_object('app_metadata', jsonb_build_object('org_id', :'other')));
select tests.throws_code($$ select private.authorize('public.me') $$, 'not_a_member');

select tests.as_owner();
update public.profiles set status = 'suspended' where id = :'member';
update public.profiles set status = 'inactive' where id = :'manager';
update public.api_keys set revoked_at = now() where id = :'key';
select tests.as_user(:'member');
select tests.throws_code($$ select private.authorize('public.me') $$, 'account_suspended');
select tests.as_user(:'manager');
select tests.throws_code($$ select private.authorize('public.me') $$, 'not_a_member', 'a removed member is none');
select tests.as_api_key(:'key');
select tests.throws_code($$ select private.authorize('public.list_members') $$, 'invalid_token', 'a revoked key is no key');

select tests.as_service();
select is((private.authorize('public.suspend_organization')).role, 'service_role', 'the operator is let in');
select tests.throws_code($$ select private.authorize('public.me') $$, 'not_signed_in', 'and is no member');

select * from finish();
rollback;
