-- Every hour: takes away links to recordings that have expired. They open nothing any more.
create or replace function private.drop_old_recording_links(p_now timestamptz default now())
returns bigint
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    with dropped as (
        delete from private.recording_links l where l.expires_at <= p_now returning 1
    )
    select count(*) from dropped;
$$;

revoke execute on function private.drop_old_recording_links(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.drop_old_recording_links(timestamptz) to service_role;
