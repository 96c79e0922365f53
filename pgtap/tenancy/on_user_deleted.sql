begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.org() as org \gset
select tests.user(:'org', 'manager') as member \gset
select tests.claims(:'member') as claims \gset

delete from auth.users where id = :'member';
select is((select status from public.profiles where id = :'member'), 'inactive', 'a deleted account is no member any more');
select tests.as_claims(:'claims');
select is(private.member_org_id(), null, 'and its token opens nothing');
select tests.throws_code('select public.me()', 'not_a_member');

select * from finish();
rollback;
