-- How a person is known in an organisation's rows: the identifiers that lead to rows, and the values to take out of texts.
--
-- Both from the person's own row and from what the audit says it held before, so that an address given up years ago is found
-- too. NULL when there is no such person in the organisation. Ids are identifiers only: they name nobody by themselves.
--
-- Raises 422 unknown_subject.
create or replace function private.personal_traces(
    p_org_id uuid, p_subject text, p_id uuid, out p_identifiers text[], out p_values text[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_subject private.personal_subjects;
    v_row jsonb;
begin
    select * into v_subject from private.personal_subjects s where s.subject = p_subject;
    if not found then
        perform private.fail('unknown_subject');
    end if;
    execute format('select to_jsonb(t) from %s t where t.org_id = $1 and t.id = $2', v_subject.table_name::regclass)
    into v_row using p_org_id, p_id;
    if v_row is null then
        return;
    end if;

    with versions as (
        select v_row as held
        union all
        select h.held
        from public.audit_logs l, unnest(array[l.before, l.after]) as h (held)
        where l.org_id = p_org_id
          and l.table_name = split_part(v_subject.table_name, '.', 2)
          and l.row_id = p_id::text
    ),
    traces as (
        select distinct e.key, lower(e.value) as value
        from versions v
        cross join lateral jsonb_each_text(coalesce(v.held, jsonb_build_object())) as e
        where e.value <> '' and e.value <> '[erased]'
    )
    select
        coalesce(array_agg(distinct t.value) filter (where t.key = any (v_subject.identifiers)), array[]::text[]),
        coalesce(array_agg(distinct t.value) filter (where exists (
            select from private.personal_data d
            where d.table_name = v_subject.table_name and d.column_name = t.key and d.how = 'erase')), array[]::text[])
    into p_identifiers, p_values
    from traces t;
end
$$;

revoke execute on function private.personal_traces(uuid, text, uuid) from public, anon, authenticated, service_role;
