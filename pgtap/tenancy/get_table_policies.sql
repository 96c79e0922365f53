begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.org() as org \gset
select tests.admin(:'org') as admin \gset
select tests.as_service();
select results_eq(
    $$ select policyname, definition, permissive, roles from public.get_table_policies('integration_settings') $$,
    $$ values ('integration_settings_select_service', 'true', 'PERMISSIVE', '{service_role}'::text[]) $$, 'it shows a table''s policies');
select is_empty($$ select * from public.get_table_policies('nothing') $$, 'of a table that is there');
select tests.as_user(:'admin');
select throws_ok($$ select * from public.get_table_policies('organizations') $$, '42501', null, 'it is for auditors');

select * from finish();
rollback;
