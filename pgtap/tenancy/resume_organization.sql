begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(4);

select tests.org() as org \gset
select tests.as_service();
select public.suspend_organization(:'org', 'unpaid') is not null as suspended \gset

select is((public.resume_organization(:'org', 'paid')).suspended_at, null, 'a suspension is lifted');
select is((select count(*) from public.security_audit_log where org_id = :'org' and kind = 'organization_resumed'), 1::bigint, 'that is on record');
select tests.throws_code('select public.resume_organization(gen_random_uuid())', 'organization_not_found');
select tests.as_user(tests.admin(:'org'));
select is((public.me()).role, 'admin', 'its people are back');

select * from finish();
rollback;
