-- Trigger: writes who did what to the row into public.audit_logs.
--
-- Arguments name columns that are not recorded: counters and times that change by themselves. An update keeps the changed
-- columns only, and none at all when nothing else changed. Audited tables hold no secret: those live in private tables.
create or replace function private.audit_row()
returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_claims constant jsonb := auth.jwt();
    v_client constant boolean := current_setting('role') in ('anon', 'authenticated');
    v_hidden constant text[] := array_append(tg_argv::text[], 'updated_at');
    v_old jsonb := jsonb_build_object();
    v_new jsonb := jsonb_build_object();
    v_row jsonb;
    v_actor_type text := 'system';
    v_actor_id uuid;
begin
    if tg_op in ('UPDATE', 'DELETE') then
        v_row := to_jsonb(old);
        v_old := v_row - v_hidden;
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        v_row := to_jsonb(new);
        v_new := v_row - v_hidden;
    end if;
    if tg_op = 'UPDATE' then
        if v_old = v_new then
            return null;
        end if;
        select coalesce(jsonb_object_agg(o.key, o.value), '{}'), coalesce(jsonb_object_agg(o.key, v_new -> o.key), '{}')
        into v_old, v_new
        from jsonb_each(v_old) as o
        where o.value is distinct from v_new -> o.key;
    end if;

    if v_client and v_claims ->> 'sub' is not null then
        v_actor_type := 'user';
        v_actor_id := (v_claims ->> 'sub')::uuid;
    elsif v_client and v_claims ->> 'api_key_id' is not null then
        v_actor_type := 'api_key';
        v_actor_id := (v_claims ->> 'api_key_id')::uuid;
    end if;

    insert into public.audit_logs (org_id, actor_type, actor_id, action, table_name, row_id, before, after)
    values (
        coalesce(v_row ->> 'org_id', v_row ->> 'id')::uuid,
        v_actor_type,
        v_actor_id,
        lower(tg_op),
        tg_table_name,
        coalesce(v_row ->> 'id', v_row ->> 'name', v_row ->> 'org_id'),
        case when tg_op <> 'INSERT' then v_old end,
        case when tg_op <> 'DELETE' then v_new end
    );
    return null;
end
$$;

revoke execute on function private.audit_row() from public, anon, authenticated, service_role;
