begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);

select tests.org('Export') as org, tests.org('Other') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as member, tests.admin(:'other') as stranger \gset

select tests.as_user(:'admin');
select public.export_data() as whole \gset
select is(:'whole'::jsonb ->> 'organization_id', :'org', 'the export is of the caller''s organisation');
select is(jsonb_array_length(:'whole'::jsonb #> '{tables,public.services}'), 7, 'every row of it');
select is(:'whole'::jsonb #>> '{tables,public.organizations,0,name}', 'Export', 'itself included');
select unalike(:'whole'::text, '%' || :'other' || '%', 'and of nobody else');
select is_empty($$ select from jsonb_object_keys((public.export_data()) -> 'tables') as k where k not like 'public.%' $$, 'private tables stay private');

select public.export_data('member', :'member') as person \gset
select is(:'person'::jsonb #>> '{tables,public.profiles,0,id}', :'member', 'a person''s export has their row');
select is(jsonb_array_length(:'person'::jsonb #> '{tables,private.emails}'), 1, 'and what was sent to them');
select unalike(:'person'::text, '%"id": "' || :'admin' || '"%', 'and nobody else''s row');
select tests.throws_code(format($$ select public.export_data('member', %L) $$, :'stranger'), 'person_not_found', 'another organisation''s people are not there');
select tests.throws_code(format($$ select public.export_data('ghost', %L) $$, :'member'), 'unknown_subject');
select tests.as_user(:'member');
select tests.throws_code('select public.export_data()', 'role_too_low', 'it is for admins');
select tests.as_owner();
select is((select count(*) from public.security_audit_log where org_id = :'org' and kind = 'data_exported'), 3::bigint, 'that is on record');

select * from finish();
rollback;
