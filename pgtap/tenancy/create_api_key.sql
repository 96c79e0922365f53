begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.org() as org \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager \gset

select tests.as_user(:'admin');
select to_jsonb(public.create_api_key(' The  website ', '{organization:read,members:read,members:read}', now() + interval '1 day')) as made \gset
select matches(:'made'::jsonb ->> 'key', '^vxk_[0-9a-f]{12}_[0-9a-f]{48}$', 'the key is shown');
select is(:'made'::jsonb #>> '{api_key,prefix}', split_part(:'made'::jsonb ->> 'key', '_', 2), 'its prefix is kept');
select is(:'made'::jsonb #> '{api_key,scopes}', '["members:read", "organization:read"]', 'its scopes too, each once');
select is(:'made'::jsonb #>> '{api_key,name}', 'The website', 'and its name');
select is(:'made'::jsonb #>> '{api_key,created_by}', :'admin', 'and who made it');
select tests.as_owner();
select is(
    (select s.key_hash from private.api_key_secrets s where s.api_key_id = (:'made'::jsonb #>> '{api_key,id}')::uuid),
    sha256(convert_to(:'made'::jsonb ->> 'key', 'UTF8')), 'the key is kept as a hash');
select is_empty(
    format($$ select from public.audit_logs where coalesce(before, '{}')::text || coalesce(after, '{}')::text like '%%%s%%' $$,
           split_part(:'made'::jsonb ->> 'key', '_', 3)), 'and is not in the audit');
select is((select org_id from private.directory where kind = 'api_key' and key = :'made'::jsonb #>> '{api_key,prefix}'), :'org'::uuid, 'the directory leads to it');

select tests.as_user(:'admin');
select tests.throws_code($$ select public.create_api_key('k', '{members:destroy}') $$, 'unknown_scope', 'a scope is one of the matrix');
select tests.throws_code($$ select public.create_api_key('k', array['members:read', null]) $$, 'unknown_scope');
select tests.throws_code($$ select public.create_api_key('k', '{}') $$, 'invalid_value', 'a key may something');
select tests.throws_code($$ select public.create_api_key('k', null) $$, 'invalid_value');
select tests.throws_code($$ select public.create_api_key('  ', '{members:read}') $$, 'invalid_value', 'and has a name');
select tests.throws_code($$ select public.create_api_key('k', '{members:read}', now() - interval '1 hour') $$, 'invalid_value', 'and a future');
select tests.as_user(:'manager');
select tests.throws_code($$ select public.create_api_key('k', '{members:read}') $$, 'role_too_low', 'only admins make keys');
select tests.as_owner();
select tests.api_key(:'org', '{members:read}') from generate_series(1, 99);
select tests.as_user(:'admin');
select tests.throws_code($$ select public.create_api_key('k', '{members:read}') $$, 'too_many_api_keys', 'a hundred at a time');
select public.revoke_api_key((select id from public.list_api_keys() limit 1)) is not null as revoked \gset
select is((public.create_api_key('k', '{members:read}')).api_key.name, 'k', 'revoked ones do not count');

select * from finish();
rollback;
