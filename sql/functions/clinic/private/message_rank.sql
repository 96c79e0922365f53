-- How far a message has come: word of it comes in any order, and the furthest counts.
create or replace function private.message_rank(p_status text)
returns integer
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select array_position(array['queued', 'sent', 'failed', 'delivered'], p_status);
$$;

revoke execute on function private.message_rank(text) from public, anon, authenticated, service_role;
