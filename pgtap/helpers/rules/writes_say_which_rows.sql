-- Every update and delete in a function has a where clause. Supabase loads safeupdate into the sessions of its API, which
-- refuses one without, inside functions too.
create or replace function tests.writes_say_which_rows()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select distinct p.oid::regprocedure::text, btrim(left(regexp_replace(m.statement[1], '\s+', ' ', 'g'), 60)) || ' …'
    from pg_proc p
    cross join lateral regexp_matches(
        regexp_replace(p.prosrc, '--[^\n]*|\mon conflict\M[^;]*?\mdo update\s+set\M|''[^'']*''', ' ', 'gi'),
        '(?:^|[;(\n]|\m(?:begin|then|else|loop)\M)\s*((?:delete\s+from|update)\s+[a-z_]+\.[a-z_]+\M[^;]*)', 'gi') as m (statement)
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and m.statement[1] !~* '\mwhere\M';
$$;
