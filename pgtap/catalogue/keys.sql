-- Tenancy in the keys, and the indexes that go with them.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(10);

select tests.rule_holds('tenant_keys_begin_with_org_id');
select tests.rule_catches('tenant_keys_begin_with_org_id',
    'create table public.planted (org_id uuid)', 'public.planted');
select tests.rule_catches('tenant_keys_begin_with_org_id',
    'create table public.planted (org_id uuid, id uuid, primary key (id, org_id))', 'public.planted_pkey');

select tests.rule_holds('tenant_foreign_keys_carry_org_id');
select tests.rule_catches('tenant_foreign_keys_carry_org_id',
    $$ create table public.planted_parent (org_id uuid, id uuid unique, primary key (org_id, id));
       create table private.planted (org_id uuid, id uuid, parent_id uuid references public.planted_parent (id)) $$,
    'private.planted');

select tests.rule_holds('foreign_keys_are_indexed');
select tests.rule_catches('foreign_keys_are_indexed',
    $$ create table public.planted_parent (org_id uuid, id uuid, primary key (org_id, id));
       create table public.planted (
           org_id uuid, id uuid, parent_id uuid, primary key (org_id, id),
           foreign key (org_id, parent_id) references public.planted_parent) $$,
    'public.planted');

select tests.rule_holds('no_index_is_double');
select tests.rule_catches('no_index_is_double',
    $$ create table public.planted (org_id uuid, id uuid, primary key (org_id, id));
       create index planted_twice on public.planted (org_id, id) $$,
    'public.planted_twice');
select tests.rule_catches('no_index_is_double',
    $$ create table public.planted (org_id uuid, id uuid, name text, primary key (org_id, id));
       create index planted_long on public.planted (org_id, name, id);
       create index planted_short on public.planted (org_id, name) $$,
    'public.planted_short');

select * from finish();
rollback;
