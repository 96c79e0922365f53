-- For every tenant table: another organisation's rows can neither be read nor written, by an admin nor with an API key.
--
-- Two organisations with a row in each table. Reading is tried with the rights there are; writing is tried twice, with
-- the rights there are (none) and with every right granted, so that the policies are seen to hold by themselves should a
-- grant slip through. Everything is undone.
create or replace function tests.tenants_are_isolated()
returns table (object text, problem text)
language plpgsql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_mine constant uuid := tests.org('Mine');
    v_theirs constant uuid := tests.org('Theirs');
    v_admin constant uuid := tests.admin(v_mine);
    v_scopes constant text[] := (select coalesce(array_agg(distinct m.scope), '{none:read}')
                                 from private.grant_matrix m where m.scope is not null);
    v_key constant uuid := tests.api_key(v_mine, v_scopes);
    v_table record;
    v_found jsonb := '[]';
begin
    for v_table in select t.relation, t.org_column from tests.tenant_tables() t order by 1 loop
        begin
            if v_table.org_column = 'org_id' then
                perform tests.sample_row(v_table.relation, v_theirs);
            end if;

            perform tests.as_user(v_admin);
            v_found := v_found || tests.reach_of(v_table.relation, v_table.org_column, v_theirs, 'an admin');
            perform tests.as_api_key(v_key);
            v_found := v_found || tests.reach_of(v_table.relation, v_table.org_column, v_theirs, 'an API key');
            perform tests.as_anon();
            v_found := v_found || tests.reach_of(v_table.relation, v_table.org_column, v_theirs, 'anon');
            perform tests.as_owner();

            execute format('grant all on %s to authenticated', v_table.relation);
            perform tests.as_user(v_admin);
            v_found := v_found
                || tests.reach_of(v_table.relation, v_table.org_column, v_theirs, 'an admin with every right');
            raise exception 'undo' using errcode = 'ZZ999';
        exception when sqlstate 'ZZ999' then
            null;
        end;
        perform tests.as_owner();
    end loop;

    return query select f ->> 'object', f ->> 'problem' from jsonb_array_elements(v_found) f;
end
$$;
