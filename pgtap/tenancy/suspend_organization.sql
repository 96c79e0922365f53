begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select tests.org() as org \gset
select tests.admin(:'org') as admin \gset

select tests.as_service();
select is((public.suspend_organization(:'org', 'unpaid')).suspended_at, now(), 'an organisation is suspended');
select is((public.suspend_organization(:'org', 'again')).suspended_at, now(), 'since the first time');
select results_eq(
    format($$ select kind, details ->> 'reason' from public.security_audit_log where org_id = %L order by created_at $$, :'org'),
    $$ values ('organization_suspended', 'unpaid'), ('organization_suspended', 'again') $$, 'why is on record');
select tests.throws_code($$ select public.suspend_organization(gen_random_uuid(), 'x') $$, 'organization_not_found');
select tests.as_user(:'admin');
select tests.throws_code('select public.me()', 'account_suspended', 'its people are out at once');
select throws_ok(format($$ select public.suspend_organization(%L, 'x') $$, :'org'), '42501', null, 'it is the operator''s');

select * from finish();
rollback;
