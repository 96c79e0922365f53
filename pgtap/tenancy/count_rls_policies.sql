-- Alone: it plants a policy on a table that every sign-up writes to.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.org() as org \gset
select tests.admin(:'org') as admin \gset
select tests.as_service();
select public.count_rls_policies() as before \gset
select is(public.count_rls_policies()::bigint, (select count(*) from public.get_all_rls_policies()), 'it counts every policy');
select tests.as_owner();
create policy planted on public.services for select to anon using (true);
select tests.as_service();
select is(public.count_rls_policies(), :before + 1, 'a new one too');
select tests.as_user(:'admin');
select throws_ok('select public.count_rls_policies()', '42501', null, 'it is for auditors');

select * from finish();
rollback;
