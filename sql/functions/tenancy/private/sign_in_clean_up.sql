-- Forgets attempts no limit looks at any more, and sessions that ended 30 days ago with their tokens.
create or replace function private.sign_in_clean_up(p_now timestamptz default now())
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from private.sign_in_attempts where attempted_at < p_now - interval '1 day';
    delete from private.auth_sessions
    where ends_at < p_now - interval '30 days' or revoked_at < p_now - interval '30 days';
end
$$;

revoke execute on function private.sign_in_clean_up(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.sign_in_clean_up(timestamptz) to service_role;
