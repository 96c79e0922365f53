-- Alone: it plants a trigger on a table that every sign-up writes to.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin \gset

update auth.users set raw_app_meta_data = jsonb_build_object('provider', 'email', 'org_id', :'other') where id = :'admin';
select is(
    (select raw_app_meta_data from auth.users where id = :'admin'),
    jsonb_build_object('provider', 'email', 'org_id', :'org'),
    'an overwritten organisation comes back, and the rest stays as written');
update auth.users set raw_app_meta_data = '{}' where id = :'admin';
select is((select raw_app_meta_data ->> 'org_id' from auth.users where id = :'admin'), :'org', 'so does a lost one');

update auth.users set email = 'changed@clinic.test', last_sign_in_at = '2026-01-02 03:04:05+00' where id = :'admin';
select results_eq(
    format('select email, last_login from public.profiles where id = %L', :'admin'),
    $$ values ('changed@clinic.test', timestamptz '2026-01-02 03:04:05+00') $$,
    'the profile follows the account');

create function pg_temp.refuse() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$;
create trigger planted before update on public.profiles for each row execute function pg_temp.refuse();
select lives_ok(
    format('update auth.users set last_sign_in_at = now() where id = %L', :'admin'),
    'signing in does not fail because the profile cannot follow');
drop trigger planted on public.profiles;
select is(
    (select count(*) from public.security_audit_log where org_id = :'org' and kind = 'profile_out_of_step'),
    1::bigint, 'that is on record');
select is(
    (select count(*) from public.profiles where id = :'admin' and org_id = :'other'), 0::bigint, 'no membership was made elsewhere');

select * from finish();
rollback;
