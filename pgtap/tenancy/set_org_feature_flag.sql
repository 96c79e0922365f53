begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.org() as org \gset
insert into public.feature_flags (name, enabled) values ('zz_own', false);

select tests.as_service();
select public.set_org_feature_flag(:'org', 'zz_own', true);
select results_eq($$ select org_id, enabled from public.org_feature_flags where name = 'zz_own' $$, format('values (%L::uuid, true)', :'org'), 'an organisation gets its own answer');
select public.set_org_feature_flag(:'org', 'zz_own', null);
select is_empty($$ select from public.org_feature_flags where name = 'zz_own' $$, 'null takes it back');
select tests.throws_code($$ select public.set_org_feature_flag(gen_random_uuid(), 'zz_own', true) $$, 'organization_not_found');
select tests.throws_code(format($$ select public.set_org_feature_flag(%L, 'zz_none', true) $$, :'org'), 'feature_flag_not_found');
select tests.as_user(tests.admin(:'org'));
select throws_ok(format($$ select public.set_org_feature_flag(%L, 'zz_own', true) $$, :'org'), '42501', null, 'it is the operator''s');

select * from finish();
rollback;
