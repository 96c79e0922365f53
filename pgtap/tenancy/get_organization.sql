begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.org('Mine') as org, tests.org('Yours') as other \gset
select tests.user(:'org', 'user') as member \gset

select tests.as_user(:'member');
select is((public.get_organization()).name, 'Mine', 'a member reads their organisation');
select is((public.get_organization()).id, :'org'::uuid, 'and no other');
select tests.as_user(:'member', jsonb_build_object('app_metadata', jsonb_build_object('org_id', :'other')));
select tests.throws_code('select public.get_organization()', 'not_a_member');

select * from finish();
rollback;
