begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

-- Every column that could hold something about a person is classified, so that a later table cannot be forgotten.
create function pg_temp.unclassified() returns table (object text) language sql stable set search_path = pg_catalog, pg_temp as $$
    select format('%s.%I', t.name, a.attname)
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'private')
    cross join lateral (select format('%I.%I', n.nspname, c.relname)) as t (name)
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type y on y.oid = a.atttypid
    where c.relkind in ('r', 'p') and not c.relispartition
      and coalesce(nullif(y.typbasetype, 0), nullif(y.typelem, 0), y.oid) in (
          'text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'json'::regtype, 'jsonb'::regtype, 'bytea'::regtype, 'xml'::regtype,
          'inet'::regtype, 'cidr'::regtype, 'macaddr'::regtype, 'point'::regtype, 'date'::regtype, 'tsvector'::regtype)
      and not exists (select from private.personal_data d where d.table_name = t.name and d.column_name in (a.attname, '*'))
$$;
-- What is classified, and is not there or cannot be found.
create function pg_temp.misclassified() returns table (object text) language sql stable set search_path = pg_catalog, pg_temp as $$
    select d.table_name || '.' || d.column_name
    from private.personal_data d
    where d.table_name <> 'private.schema_migrations'
      and (to_regclass(d.table_name) is null
           or d.column_name <> '*' and not exists (
               select from pg_attribute a where a.attrelid = to_regclass(d.table_name) and a.attname = d.column_name and not a.attisdropped)
           or d.found_by is not null and not exists (
               select from pg_attribute a where a.attrelid = to_regclass(d.table_name) and a.attname = d.found_by and not a.attisdropped)
           or d.how in ('erase', 'both') and d.replacement is null and (
               select a.attnotnull from pg_attribute a where a.attrelid = to_regclass(d.table_name) and a.attname = d.column_name)
           or d.how = 'redact' and (
               select a.atttypid not in ('text'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
               from pg_attribute a where a.attrelid = to_regclass(d.table_name) and a.attname = d.column_name)
           or d.how = 'both' and (
               select a.atttypid <> 'text'::regtype
               from pg_attribute a where a.attrelid = to_regclass(d.table_name) and a.attname = d.column_name))
$$;

select is_empty('select * from pg_temp.unclassified()', 'every column that could hold something about a person is in private.personal_data');
select is_empty('select * from pg_temp.misclassified()', 'and everything in it is there, can be found and can be emptied');
select is_empty(
    $$ select s.subject from private.personal_subjects s
       where to_regclass(s.table_name) is null
          or exists (select from unnest(s.identifiers) i where not exists (
              select from pg_attribute a where a.attrelid = to_regclass(s.table_name) and a.attname = i)) $$,
    'so are the tables of the subjects');

create table public.planted (org_id uuid, id uuid, note text, seen inet, tags text[], amount bigint);
select set_eq(
    'select * from pg_temp.unclassified()', $$ values ('public.planted.note'), ('public.planted.seen'), ('public.planted.tags') $$,
    'a table that nobody classified is found');
insert into private.personal_data (table_name, column_name, how, reason) values ('public.planted', '*', 'keep', 'planted');
select is_empty('select * from pg_temp.unclassified()', 'until somebody does');

insert into private.personal_data (table_name, column_name, how, found_by, reason) values ('public.planted', 'gone', 'erase', 'id', 'planted');
select results_eq('select * from pg_temp.misclassified()', $$ values ('public.planted.gone') $$, 'a column that is gone is found');
update private.personal_data set column_name = 'note', found_by = 'nobody' where column_name = 'gone';
select results_eq('select * from pg_temp.misclassified()', $$ values ('public.planted.note') $$, 'so is one that leads nowhere');
update private.personal_data set found_by = 'id' where column_name = 'note' and table_name = 'public.planted';
alter table public.planted alter column note set not null;
select results_eq('select * from pg_temp.misclassified()', $$ values ('public.planted.note') $$, 'or cannot be emptied');
update private.personal_data set replacement = '[erased]' where column_name = 'note' and table_name = 'public.planted';
select is_empty('select * from pg_temp.misclassified()', 'until it can');

select * from finish();
rollback;
