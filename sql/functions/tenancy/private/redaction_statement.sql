-- The update that takes a person out of one table, as private.personal_data says; NULL when it says nothing about the table.
--
-- Its parameters: $1 identifiers, $2 values, $3 personal keys, $4 the organisation. Rows of no organisation (an event before
-- one was known) count as well; a table without org_id is searched by identifiers that lead to this person alone. A row that
-- holds nothing of them any more is not written again.
create or replace function private.redaction_statement(p_table regclass)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with columns as (
        select d.how, d.replacement, a.attname, a.attnotnull, a.atttypid,
               case
                   when d.found_by is null then 'false'
                   else format('coalesce(lower(t.%I::text) = any ($1), false)', d.found_by)
               end as named
        from private.personal_data d
        join pg_attribute a on a.attrelid = p_table and a.attname = d.column_name and not a.attisdropped
        where to_regclass(d.table_name) = p_table and d.how <> 'keep'
    ),
    changes as (
        select c.attname,
               case
                   when c.how = 'erase' then format(
                       'case when %s then %s else t.%I end',
                       c.named, case when c.attnotnull then quote_nullable(c.replacement) else 'null' end, c.attname)
                   when c.how = 'both' then format(
                       'case when %s then %s else private.redact_text(t.%I, $2) end',
                       c.named, case when c.attnotnull then quote_nullable(c.replacement) else 'null' end, c.attname)
                   when c.atttypid = 'jsonb'::regtype then format(
                       'private.redact_json(t.%I, case when %s then $3 else array[]::text[] end, $2)', c.attname, c.named)
                   when c.atttypid = 'bytea'::regtype then format('private.redact_bytes(t.%I, $2)', c.attname)
                   else format('private.redact_text(t.%I, $2)', c.attname)
               end as new_value,
               case
                   when c.how = 'erase' then c.named
                   else format(
                       '%s or exists (select from unnest($2) as v where strpos(lower(%s), v) > 0)',
                       c.named,
                       case
                           when c.atttypid = 'bytea'::regtype then format('encode(t.%I, ''escape'')', c.attname)
                           else format('t.%I::text', c.attname)
                       end)
               end as touched
        from columns c
    )
    select format(
        'update %s t set %s where (%s) and (%s) and (%s)',
        p_table,
        string_agg(format('%I = %s', c.attname, c.new_value), ', ' order by c.attname),
        string_agg(c.touched, ' or ' order by c.attname),
        string_agg(format('t.%I is distinct from %s', c.attname, c.new_value), ' or ' order by c.attname),
        case
            when exists (select from pg_attribute a where a.attrelid = p_table and a.attname = 'org_id' and not a.attisdropped)
            then 't.org_id is null or t.org_id in ($4, ''00000000-0000-0000-0000-000000000000'')'
            else 'true'
        end)
    from changes c
    having count(*) > 0;
$$;

revoke execute on function private.redaction_statement(regclass) from public, anon, authenticated, service_role;
