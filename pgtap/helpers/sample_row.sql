-- Makes sure that an organisation has a row in a tenant table, and in those it needs. Found by catalogue, so that a table
-- nobody has thought of yet is filled too; one it cannot fill raises, and wants a line in tests.sample_values().
create or replace function tests.sample_row(p_table regclass, p_org uuid)
returns void
language plpgsql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_filled boolean;
    v_values jsonb := jsonb_build_object('org_id', p_org);
    v_key record;
    v_column name;
    v_parent jsonb;
begin
    execute format('select exists (select from %s t where t.org_id = $1)', p_table) into v_filled using p_org;
    if v_filled then
        return;
    end if;

    -- Required references first, each to a row of the same organisation where the referenced table is a tenant's.
    for v_key in
        select k.confrelid::regclass as parent, k.conkey, k.confkey,
               exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'org_id') as is_tenant
        from pg_constraint k
        where k.conrelid = p_table and k.contype = 'f' and k.confrelid <> k.conrelid
          and k.confrelid <> 'public.organizations'::regclass
          and not exists (
              select from pg_attribute a where a.attrelid = p_table and a.attnum = any (k.conkey) and not a.attnotnull)
    loop
        if v_key.is_tenant then
            perform tests.sample_row(v_key.parent, p_org);
        else
            perform tests.sample_reference(v_key.parent);
        end if;
        execute format('select to_jsonb(t) from %s t where %s limit 1', v_key.parent,
                       case when v_key.is_tenant then 't.org_id = $1' else 'true' end)
            into strict v_parent using p_org;
        select v_values || coalesce(jsonb_object_agg(child.attname, v_parent -> parent.attname), '{}') into v_values
        from unnest(v_key.conkey, v_key.confkey) as pair (child_num, parent_num)
        join pg_attribute child on child.attrelid = p_table and child.attnum = pair.child_num
        join pg_attribute parent on parent.attrelid = v_key.parent and parent.attnum = pair.parent_num;
    end loop;

    perform tests.insert_sample(p_table, v_values);
end
$$;
