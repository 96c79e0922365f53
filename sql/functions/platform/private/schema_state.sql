-- What a server compares itself with before it starts: the database's release, the oldest server it accepts, and the
-- hash of every SQL file that is live.
create or replace function private.schema_state()
returns table (release text, min_server_release text, path text, hash text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select r.release, r.min_server_release, v.path, v.hash
    from private.schema_release r
    cross join (
        select distinct on (s.path) s.path, s.hash, s.state
        from private.sql_versions s
        order by s.path, s.id desc
    ) v
    where v.state = 'live';
$$;

revoke execute on function private.schema_state() from public, anon, authenticated, service_role;
grant execute on function private.schema_state() to service_role;
