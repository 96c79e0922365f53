-- A UUID from a text that someone else wrote; NULL when it is none.
create or replace function private.uuid_or_null(p_text text)
returns uuid
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case when p_text ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p_text::uuid end;
$$;

revoke execute on function private.uuid_or_null(text) from public, anon, authenticated, service_role;
