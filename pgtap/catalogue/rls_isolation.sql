-- Two organisations side by side, in every tenant table there is.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

select tests.rule_holds('tenants_are_isolated');
select tests.rule_catches('tenants_are_isolated',
    $$ create table public.planted (org_id uuid not null, id uuid default gen_random_uuid());
       alter table public.planted enable row level security;
       grant select on public.planted to authenticated;
       create policy planted_select on public.planted for select to authenticated using (true) $$,
    'public.planted');
select tests.rule_catches('tenants_are_isolated',
    $$ create table public.planted (org_id uuid not null, id uuid default gen_random_uuid());
       alter table public.planted enable row level security;
       create policy planted_select on public.planted for select to authenticated
           using (org_id = (select private.member_org_id()));
       create policy planted_insert on public.planted for insert to authenticated with check (true) $$,
    'public.planted');
select tests.rule_catches('tenants_are_isolated',
    $$ create table public.planted (org_id uuid not null, id uuid default gen_random_uuid());
       grant select on public.planted to authenticated $$,
    'public.planted');

select is(
    (select count(*) from tests.tenant_tables() t where t.relation = 'public.organizations'::regclass), 1::bigint,
    'organisations themselves are among the tables tried');
select cmp_ok((select count(*) from tests.tenant_tables()), '>=', 10::bigint, 'and so are all the others');

select * from finish();
rollback;
