-- What every table owes its reader.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

select tests.rule_holds('public_tables_have_comments');
select tests.rule_catches('public_tables_have_comments',
    'create table public.planted (org_id uuid primary key)', 'public.planted');

select tests.rule_holds('columns_have_the_right_types');
select tests.rule_catches('columns_have_the_right_types',
    'create table private.planted (at timestamp without time zone)', 'private.planted(at)');
select tests.rule_catches('columns_have_the_right_types',
    'create table public.planted (price_pence numeric)', 'public.planted(price_pence)');

select tests.rule_holds('tables_have_primary_keys');
select tests.rule_catches('tables_have_primary_keys', 'create table private.planted (id integer)', 'private.planted');

select * from finish();
rollback;
