begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(2);

insert into public.feature_flags (name, description, enabled) values ('zz_b', 'B', false), ('zz_a', 'A', true);
select tests.org() as org \gset
insert into public.org_feature_flags (org_id, name, enabled) values (:'org', 'zz_b', true);

select tests.as_user(tests.user(:'org', 'user'));
select results_eq(
    $$ select name, description, enabled from public.list_feature_flags() where name like 'zz_%' $$,
    $$ values ('zz_a', 'A', true), ('zz_b', 'B', true) $$, 'every flag, by name, with the organisation''s answer');
select tests.as_anon();
select throws_ok('select * from public.list_feature_flags()', '42501', null, 'members only');

select * from finish();
rollback;
