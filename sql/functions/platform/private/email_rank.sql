-- How far an email has come. A status only gives way to one of a higher rank, so the order in which word arrives is
-- of no matter.
create or replace function private.email_rank(p_status text)
returns integer
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select array_position(
        array['queued', 'sent', 'failed', 'delivered', 'suppressed', 'bounced', 'complained'], p_status);
$$;

revoke execute on function private.email_rank(text) from public, anon, authenticated, service_role;
