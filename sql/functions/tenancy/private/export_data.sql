-- The work of public.export_data().
--
-- Raises 404 person_not_found, 422 unknown_subject, and what private.authorize() raises.
create or replace function private.export_data(
    p_subject text default null, p_id uuid default null, p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.export_data');
    v_person constant boolean := p_subject is not null or p_id is not null;
    v_identifiers text[];
    v_table regclass;
    v_name text;
    v_rows jsonb;
    v_tables jsonb := jsonb_build_object();
begin
    if v_person then
        select t.p_identifiers into v_identifiers from private.personal_traces(v_caller.org_id, p_subject, p_id) as t;
        if v_identifiers is null then
            perform private.fail('person_not_found');
        end if;
    end if;

    for v_table, v_name in
        select c.oid::regclass, format('%I.%I', c.relnamespace::regnamespace, c.relname)
        from pg_class c
        where not v_person and c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and (c.oid = 'public.organizations'::regclass
               or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped))
        union
        select d.table_name::regclass, d.table_name
        from private.personal_data d
        where v_person and d.found_by is not null
        order by 2
    loop
        execute private.export_query(v_table, v_person) into v_rows using v_caller.org_id, v_identifiers;
        v_tables := v_tables || jsonb_build_object(v_name, v_rows);
    end loop;

    perform private.record_security_event('data_exported', v_caller.org_id, v_caller.user_id, jsonb_strip_nulls(
        jsonb_build_object('subject', p_subject, 'id', p_id)));
    return jsonb_build_object(
        'exported_at', p_now, 'organization_id', v_caller.org_id, 'subject', p_subject, 'id', p_id, 'tables', v_tables);
end
$$;

revoke execute on function private.export_data(text, uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.export_data(text, uuid, timestamptz) to authenticated;
