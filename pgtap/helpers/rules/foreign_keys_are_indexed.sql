-- Every foreign key has an index that begins with its columns, in any order: without one, deleting or changing a
-- referenced row reads the whole referencing table.
create or replace function tests.foreign_keys_are_indexed()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select k.conrelid::regclass::text, format('foreign key %s has no index', k.conname)
    from pg_constraint k
    where k.contype = 'f' and k.conparentid = 0
      and k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
      and not exists (
          select from pg_index i
          where i.indrelid = k.conrelid
            and (i.indpred is null
                 or pg_get_expr(i.indpred, i.indrelid) ~ '^\(\(?[a-z_]+ IS NOT NULL\)?\)$')
            and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
            and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] <@ k.conkey);
$$;
