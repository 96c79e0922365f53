-- The prose above a function names every error it raises, each with the status of the registry: it is what the function
-- reference is printed from. Read from the files that migrate recorded; a database made otherwise has none.
create or replace function tests.headers_name_their_errors()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with live as (
        select distinct on (v.path) v.path, v.state,
               split_part(v.content, 'create or replace function', 1) as header,
               split_part(v.content, 'create or replace function', 2) as body
        from private.sql_versions v
        where v.path like 'functions/%'
        order by v.path, v.id desc
    )
    select distinct l.path, 'its header does not name ' || m.code[1]
    from live l
    cross join lateral regexp_matches(l.body, 'private\.(?:fail|refuse)\(\s*''([a-z0-9_]+)''', 'g') as m (code)
    where l.state = 'live' and l.header !~ ('\m' || m.code[1] || '\M')
    union all
    select l.path, format('its header says %s %s, the registry %s', m.said[1], m.said[2], coalesce(e.status::text, 'nothing'))
    from live l
    cross join lateral regexp_matches(l.header, '\m([45][0-9][0-9])\s+(?:--\s+)?([a-z][a-z0-9_]+)\M', 'g') as m (said)
    left join private.error_registry e on e.code = m.said[2]
    where l.state = 'live' and e.status::text is distinct from m.said[1];
$$;
