begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select tests.org() as org, tests.org() as other \gset
select tests.api_key(:'org', '{members:read}') as key, tests.admin(:'other') as stranger, tests.user(:'org', 'manager') as manager \gset

select tests.as_user(:'stranger');
select tests.throws_code(format('select public.revoke_api_key(%L)', :'key'), 'api_key_not_found', 'another organisation''s key is not there');
select tests.as_user(:'manager');
select tests.throws_code(format('select public.revoke_api_key(%L)', :'key'), 'role_too_low');
select tests.as_user(tests.admin(:'org'));
select isnt((public.revoke_api_key(:'key')).revoked_at, null, 'a key is revoked');
select is((public.revoke_api_key(:'key')).revoked_at, now(), 'twice is as good as once');
select tests.throws_code('select public.revoke_api_key(gen_random_uuid())', 'api_key_not_found');
select tests.as_api_key(:'key');
select tests.throws_code('select public.list_members()', 'invalid_token', 'it opens nothing from this moment on');

select * from finish();
rollback;
