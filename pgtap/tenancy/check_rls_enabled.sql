begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.org() as org \gset
select tests.admin(:'org') as admin \gset
select tests.as_service();
select results_eq($$ select table_name, rls_enabled from public.check_rls_enabled('organizations') $$, $$ values ('organizations', true) $$, 'it says whether a table is guarded');
select is_empty($$ select * from public.check_rls_enabled('nothing') $$, 'of a table that is there');
select tests.as_user(:'admin');
select throws_ok($$ select * from public.check_rls_enabled('organizations') $$, '42501', null, 'it is for auditors');

select * from finish();
rollback;
