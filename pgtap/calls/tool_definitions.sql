begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

-- What Vapi's published schema of a tool's parameters does not have is refused, and with it the tool.
create temporary table part on commit drop as
with recursive part (tool, schema) as (
    select d.name, d.parameters from public.tool_definitions d
    union all
    select p.tool, c.schema
    from part p, lateral (
        select e.value from jsonb_each(p.schema -> 'properties') as e
        union all select p.schema -> 'items' where p.schema ? 'items'
    ) as c (schema)
)
select * from part;
select is((select array_agg(distinct format('%s: %s', p.tool, k)) from part p, jsonb_object_keys(p.schema) as k
    where k not in ('type', 'items', 'properties', 'description', 'pattern', 'format', 'required', 'enum', 'title')), null, 'every tool says of its parameters only what Vapi takes');
select is((select array_agg(distinct p.tool) from part p where coalesce(p.schema ->> 'type', '') not in ('string', 'number', 'integer', 'boolean', 'array', 'object')), null, 'each of a type it knows');
select cmp_ok(count(*), '>=', 8::bigint, 'and there are eight') from public.tool_definitions d;

select * from finish();
rollback;
