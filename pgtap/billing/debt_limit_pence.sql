begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(2);

select tests.org() as org \gset
select tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member \gset

set local search_path = public, pg_catalog, extensions, pg_temp;
select tests.as_user(:'manager');
select is((select o.debt_limit_pence from public.organizations o), 500::bigint, 'it reads as a column of the organisation');
select tests.as_user(:'member');
select is((select o.debt_limit_pence from public.organizations o), null, 'of which a user sees nothing');

select * from finish();
rollback;
