begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.org() as org \gset
select tests.admin(:'org') as admin \gset

select tests.as_user(:'admin');
select is(public.auth_org_id(), :'org'::uuid, 'it is the organisation of app_metadata');
select tests.as_user(:'admin', jsonb_build_object(
    'app_metadata', '{}'::jsonb, 'user_metadata', jsonb_build_object('org_id', :'org')));
select is(public.auth_org_id(), null, 'user_metadata is never read');
select tests.as_user(:'admin', '{"app_metadata": {"org_id": "not-a-uuid"}}');
select is(public.auth_org_id(), null, 'a malformed one is none');
select tests.as_user(:'admin', '{"app_metadata": {"org_id": ["x"]}}');
select is(public.auth_org_id(), null, 'of any shape');
select tests.as_claims('{}');
select is(public.auth_org_id(), null, 'none is none');

select * from finish();
rollback;
