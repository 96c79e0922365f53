-- How urgent, from 1 (low) to 4 (critical); NULL for what is no urgency.
create or replace function private.urgency_rank(p_urgency text)
returns integer
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select array_position(array['low', 'medium', 'high', 'critical'], p_urgency);
$$;

revoke execute on function private.urgency_rank(text) from public, anon, authenticated, service_role;
