begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(8);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'user') as member, tests.admin(:'org') as admin \gset
create temp table before as select ctid as version, raw_app_meta_data as data from auth.users where id = :'member';
create temp table admins as select ctid as version from auth.users where id = :'admin';

select private.stamp_org(:'member', :'org');
select is((select ctid from auth.users where id = :'member'), (select version from before), 'what is stamped already is not written again');
select private.stamp_org(:'member', :'other');
select is(
    (select raw_app_meta_data ->> 'org_id' from auth.users where id = :'member'), :'org',
    'against the directory nothing can be stamped');

update private.directory set org_id = :'other' where kind = 'user' and key = :'member';
select private.stamp_org(:'member', :'other');
select is(
    (select raw_app_meta_data from auth.users where id = :'member'),
    (select data || jsonb_build_object('org_id', :'other') from before), 'the new organisation replaces the old, the rest stays');
select tests.as_user(:'member');
select is(public.auth_org_id(), :'other'::uuid, 'the next token names it');
select tests.as_owner();
select is((select ctid from auth.users where id = :'admin'), (select version from admins), 'no other account is touched');

delete from private.directory where kind = 'user' and key = :'member';
update auth.users set raw_app_meta_data = '{"org_id": null, "provider": "email"}' where id = :'member';
select private.stamp_org(:'member', :'org');
select is(
    (select raw_app_meta_data from auth.users where id = :'member'),
    jsonb_build_object('provider', 'email', 'org_id', :'org'), 'an account that has none is stamped');
select lives_ok(format('select private.stamp_org(gen_random_uuid(), %L)', :'org'), 'an account that is gone is no error');
select tests.as_service();
select throws_ok(
    format('select private.stamp_org(%L, %L)', :'member', :'org'), '42501', null, 'nobody stamps from outside');

select * from finish();
rollback;
