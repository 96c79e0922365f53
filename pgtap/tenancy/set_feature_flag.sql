begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

select tests.org() as org \gset
select tests.admin(:'org') as admin \gset
select tests.as_service();
select is((public.set_feature_flag('new_flag', true, 10, 'New')).rollout_percentage, 10, 'the operator makes a flag');
select is((public.set_feature_flag('new_flag', false)).description, 'New', 'and changes it; a description left out stays');
select tests.throws_code($$ select public.set_feature_flag('New Flag', true) $$, 'invalid_value', 'a name is one word');
select tests.throws_code($$ select public.set_feature_flag('new_flag', true, 101) $$, 'invalid_value');
select tests.throws_code($$ select public.set_feature_flag('new_flag', null) $$, 'invalid_value');
select tests.as_owner();
select is((select count(*) from public.security_audit_log where kind = 'feature_flag_set' and details ->> 'name' = 'new_flag'), 2::bigint, 'that is on record');
select tests.as_user(:'admin');
select throws_ok($$ select public.set_feature_flag('new_flag', true) $$, '42501', null, 'it is the operator''s');

select * from finish();
rollback;
