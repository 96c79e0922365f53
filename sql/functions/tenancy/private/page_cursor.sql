-- Where a page ended, as an opaque text for next_cursor: pages are ordered by time and id, and go on after this pair.
create or replace function private.page_cursor(p_at timestamptz, p_id uuid)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select (extract(epoch from p_at) * 1000000)::bigint::text || '.' || p_id::text;
$$;

revoke execute on function private.page_cursor(timestamptz, uuid) from public, anon, authenticated, service_role;
grant execute on function private.page_cursor(timestamptz, uuid) to authenticated, service_role;
