-- Takes a person out of an organisation's rows, as private.personal_data says, and answers which tables changed.
--
-- The one function that updates rows which are otherwise written once. Columns to erase, in rows that name the person, are
-- emptied; columns to redact lose the personal keys in such rows, and the person's values wherever they stand; some are
-- both. Money, counts and ids stay. Locks: the rows that change, effects after all others; the audit, whose rows nobody else locks, comes last
-- because erasing writes into it what there was before.
--
-- Raises 422 unknown_subject.
create or replace function private.redact_personal_data(p_org_id uuid, p_subject text, p_id uuid)
returns table (table_name text, rows_changed bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_keys constant text[] := array(select distinct d.column_name from private.personal_data d where d.how in ('erase', 'both'));
    v_traces record;
    v_values text[];
    v_table regclass;
begin
    select t.p_identifiers, t.p_values into v_traces from private.personal_traces(p_org_id, p_subject, p_id) as t;
    if v_traces.p_identifiers is null then
        return;
    end if;
    v_values := array(select v from unnest(v_traces.p_values) as v order by length(v) desc, v);

    perform set_config('voxanne.redacting', 'on', true);
    for v_table, table_name in
        select d.table_name::regclass, d.table_name
        from private.personal_data d
        where d.how <> 'keep'
        group by d.table_name
        order by d.table_name = 'public.audit_logs', d.table_name = 'private.effects', d.table_name
    loop
        execute private.redaction_statement(v_table)
        using v_traces.p_identifiers, v_values, v_keys, p_org_id;
        get diagnostics rows_changed = row_count;
        if rows_changed > 0 then
            return next;
        end if;
    end loop;
    perform set_config('voxanne.redacting', 'off', true);
end
$$;

revoke execute on function private.redact_personal_data(uuid, text, uuid) from public, anon, authenticated, service_role;
