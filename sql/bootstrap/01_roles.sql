-- The roles clients and servers act as, named as on Supabase so that the same policies serve both.
--
-- Roles belong to the cluster and are shared by its databases, so a second database (or a second migrate racing this
-- one) finds them there: being second is not an error.
do $$
declare
    v_role text;
begin
    foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
        begin
            execute pg_catalog.format('create role %I nologin noinherit', v_role);
        exception when duplicate_object or unique_violation then
            null;
        end;
    end loop;

    -- The two logins of the server. NOINHERIT: without `set local role` they may do nothing at all.
    foreach v_role in array array['voxanne_api', 'voxanne_worker'] loop
        begin
            execute pg_catalog.format('create role %I login noinherit', v_role);
        exception when duplicate_object or unique_violation then
            null;
        end;
    end loop;
end
$$;

do $$
declare
    v_grant record;
begin
    for v_grant in
        select * from (values
            ('anon', 'voxanne_api'), ('authenticated', 'voxanne_api'), ('service_role', 'voxanne_worker')
        ) as g (granted, grantee)
        where not exists (
            select from pg_catalog.pg_auth_members m
            where m.roleid = g.granted::pg_catalog.regrole and m.member = g.grantee::pg_catalog.regrole
        )
    loop
        begin
            execute pg_catalog.format('grant %I to %I', v_grant.granted, v_grant.grantee);
        exception when unique_violation then
            null;
        end;
    end loop;
end
$$;

-- Settings of the login, not of the connection: they hold behind a transaction pooler too. A lock is given up before
-- the statement is, so that the caller hears "busy" rather than "too slow".
do $$
declare
    v_setting record;
begin
    for v_setting in
        select l.login, s.name, s.value
        from (values ('voxanne_api', '8s'), ('voxanne_worker', '30s')) as l (login, statement_timeout),
             lateral (values
                 ('timezone', 'UTC'),
                 ('search_path', 'pg_catalog'),
                 ('lock_timeout', '2s'),
                 ('statement_timeout', l.statement_timeout),
                 ('idle_in_transaction_session_timeout', '30s')
             ) as s (name, value)
        where not exists (
            select from pg_catalog.pg_db_role_setting d, pg_catalog.unnest(d.setconfig) as c
            where d.setdatabase = 0 and d.setrole = l.login::pg_catalog.regrole
              and pg_catalog.split_part(c, '=', 1) ilike s.name
        )
    loop
        begin
            execute pg_catalog.format('alter role %I set %I = %L', v_setting.login, v_setting.name, v_setting.value);
        exception when unique_violation or internal_error then
            null;
        end;
    end loop;
end
$$;
