begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'manager') as manager \gset

select tests.as_user(:'manager');
select is(public.auth_role_in_org(), 'manager', 'it is the role of the profile');
select tests.as_user(:'manager', jsonb_build_object('app_metadata', jsonb_build_object('org_id', :'other')));
select is(public.auth_role_in_org(), null, 'a member of one organisation has no role in another');
select tests.as_user(:'manager', '{"user_metadata": {"role": "admin"}}');
select is(public.auth_role_in_org(), 'manager', 'nobody promotes themselves');
select tests.as_user(:'manager', '{"sub": "nobody"}');
select is(public.auth_role_in_org(), null, 'a malformed user is nobody');
select tests.as_owner();
update public.profiles set status = 'suspended' where id = :'manager';
select tests.as_user(:'manager');
select is(public.auth_role_in_org(), null, 'a suspended member has none');
select tests.as_owner();
select tests.api_key(:'org', '{members:read}') as key \gset
select tests.as_api_key(:'key');
select is(public.auth_role_in_org(), null, 'an API key has none');

select * from finish();
rollback;
