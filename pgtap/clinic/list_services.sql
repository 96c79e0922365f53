begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'user') as member, tests.api_key(:'org', '{services:read}') as key \gset

select tests.as_user(:'member');
select results_eq(
    'select distinct org_id, count(*) over () from public.list_services()', format('values (%L::uuid, 7::bigint)', :'org'), 'every member sees what is offered, and nobody else''s');
select is((select name from public.list_services() limit 1), 'Botox', 'by name');
select tests.as_api_key(:'key');
select is((select count(*) from public.list_services()), 7::bigint, 'a key with the scope does too');

select * from finish();
rollback;
