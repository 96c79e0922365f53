-- No index repeats another, or only its first columns: it costs every write and helps no read.
create or replace function tests.no_index_is_double()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with plain as (
        select i.*, c.relam, i.indkey::int2[] as keys, i.indclass::oid[] as classes, i.indoption::int2[] as options,
               i.indcollation::oid[] as collations, i.indnkeyatts as width, i.indnatts as width_all,
               coalesce(pg_get_expr(i.indexprs, i.indrelid), '') as expressions,
               coalesce(pg_get_expr(i.indpred, i.indrelid), '') as predicate
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
                       and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
                       and not c.relispartition
    )
    select a.indexrelid::regclass::text, 'it repeats ' || b.indexrelid::regclass
    from plain a
    join plain b on b.indrelid = a.indrelid and b.indexrelid <> a.indexrelid and b.relam = a.relam
                and b.predicate = a.predicate
    where not a.indisexclusion and not b.indisexclusion
      and a.keys[0:a.width - 1] = b.keys[0:a.width - 1]
      and a.classes[0:a.width - 1] = b.classes[0:a.width - 1]
      and a.collations[0:a.width - 1] = b.collations[0:a.width - 1]
      and a.options[0:a.width - 1] = b.options[0:a.width - 1]
      and a.width_all <= b.width_all
      and (case when a.width = b.width and a.expressions = b.expressions then
               -- Alike: the one without a constraint goes; between two such, the younger.
               not a.indisprimary and (not a.indisunique or b.indisunique)
               and (b.indisprimary or (b.indisunique and not a.indisunique) or a.indexrelid > b.indexrelid)
           else
               a.relam = (select m.oid from pg_am m where m.amname = 'btree')
               and a.expressions = '' and not a.indisunique and a.width < b.width
           end);
$$;
