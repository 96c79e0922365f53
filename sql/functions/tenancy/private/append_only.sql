-- Trigger: refuses every change of a row that is written once.
--
-- The one exception is private.redact_personal_data(), which says so for its transaction, and only for the columns that the
-- trigger's arguments name. Grants keep clients away from these tables already: this is for the owner's own mistakes.
create or replace function private.append_only()
returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE'
       and current_setting('voxanne.redacting', true) = 'on'
       and to_jsonb(new) - tg_argv::text[] = to_jsonb(old) - tg_argv::text[] then
        return new;
    end if;
    raise exception 'Rows of %.% are written once.', tg_table_schema, tg_table_name using errcode = '23001';
end
$$;

revoke execute on function private.append_only() from public, anon, authenticated, service_role;
