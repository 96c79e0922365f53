-- Row level security as a whole: every table, found by query.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(14);

select tests.rule_holds('rls_is_forced');
select tests.rule_catches('rls_is_forced',
    $$ create table public.planted (org_id uuid primary key);
       alter table public.planted enable row level security $$,
    'public.planted');

select tests.rule_holds('tables_have_policies');
select tests.rule_catches('tables_have_policies',
    $$ create table public.planted (org_id uuid primary key);
       grant select on public.planted to authenticated;
       create policy planted_service on public.planted for select to service_role using (true) $$,
    'public.planted');

select tests.rule_holds('policies_name_their_roles');
select tests.rule_catches('policies_name_their_roles',
    $$ create table public.planted (org_id uuid primary key);
       create policy planted_all on public.planted using (false) $$,
    'public.planted');

select tests.rule_holds('one_permissive_policy');
select tests.rule_catches('one_permissive_policy',
    $$ create table public.planted (org_id uuid primary key);
       create policy planted_all on public.planted to authenticated using (false);
       create policy planted_read on public.planted for select to authenticated using (true) $$,
    'public.planted');

select tests.rule_holds('policies_ignore_user_metadata');
select tests.rule_catches('policies_ignore_user_metadata',
    $$ create table public.planted (org_id uuid primary key);
       create policy planted_read on public.planted for select to authenticated
           using (org_id = ((select auth.jwt()) #>> '{user_metadata,org_id}')::uuid) $$,
    'public.planted');

select tests.rule_holds('policies_wrap_calls');
select tests.rule_catches('policies_wrap_calls',
    $$ create table public.planted (org_id uuid primary key);
       create policy planted_read on public.planted for select to authenticated
           using (org_id = (select private.member_org_id()) and org_id = public.auth_org_id()) $$,
    'public.planted');

select tests.rule_holds('policy_columns_are_indexed');
select tests.rule_catches('policy_columns_are_indexed',
    $$ create table public.planted (id uuid primary key, org_id uuid);
       create policy planted_read on public.planted for select to authenticated
           using (org_id = (select private.member_org_id())) $$,
    'public.planted');

select * from finish();
rollback;
