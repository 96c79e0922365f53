begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

select tests.org() as org, tests.org() as other \gset
select tests.api_key(:'org', '{members:read}') as key, tests.api_key(:'other', '{members:read}') as theirs, tests.user(:'org', 'manager') as manager \gset

select tests.as_user(tests.admin(:'org'));
select results_eq('select id from public.list_api_keys()', format('values (%L::uuid)', :'key'), 'an admin sees the organisation''s keys');
select hasnt_column('public'::name, 'api_keys'::name, 'key_hash'::name, 'and no hash: there is none');
select tests.as_user(:'manager');
select tests.throws_code('select public.list_api_keys()', 'role_too_low');
select is_empty('select from public.api_keys', 'nobody else sees them, through the table neither');

select * from finish();
rollback;
