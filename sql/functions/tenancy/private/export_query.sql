-- The query that exports one table: an organisation's rows, or the ones that name a person.
--
-- Its parameters: $1 the organisation, $2 the person's identifiers. Hashes are in private tables and stay there: a private
-- table gives the columns only that private.personal_data would change.
create or replace function private.export_query(p_table regclass, p_person boolean)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with facts as (
        select c.relname, c.relnamespace = 'public'::regnamespace as shown_whole,
               exists (select from pg_attribute a
                       where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped) as tenant
        from pg_class c
        where c.oid = p_table
    ),
    personal as (
        select string_agg(format('%1$L, t.%1$I', d.column_name), ', ' order by d.column_name) as columns,
               string_agg(distinct format('lower(t.%I::text) = any ($2)', d.found_by), ' or ')
                   filter (where d.found_by is not null) as named
        from private.personal_data d
        where to_regclass(d.table_name) = p_table and d.how <> 'keep'
    )
    select format(
        'select coalesce(jsonb_agg(%s), jsonb_build_array()) from %s t where %s and %s',
        case when f.shown_whole then 'to_jsonb(t)' else format('jsonb_build_object(%s)', p.columns) end,
        p_table,
        case
            when f.tenant then 't.org_id = $1'
            when p_table = 'public.organizations'::regclass then 't.id = $1'
            else 'true'
        end,
        case when p_person then format('(%s)', p.named) else 'true' end)
    from facts f
    cross join personal p;
$$;

revoke execute on function private.export_query(regclass, boolean) from public, anon, authenticated, service_role;
