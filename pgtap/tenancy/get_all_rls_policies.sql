begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(2);

select tests.org() as org \gset
select tests.admin(:'org') as admin \gset
select tests.as_service();
select results_eq(
    $$ select tablename, policyname, definition, permissive from public.get_all_rls_policies() where tablename = 'integration_settings' $$,
    $$ values ('integration_settings', 'integration_settings_select_service', 'true', 'PERMISSIVE') $$, 'it shows every policy');
select tests.as_user(:'admin');
select throws_ok('select * from public.get_all_rls_policies()', '42501', null, 'it is for auditors');

select * from finish();
rollback;
