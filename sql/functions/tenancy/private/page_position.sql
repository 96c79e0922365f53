-- What private.page_cursor() wrote, read back; NULLs for no cursor.
--
-- Raises 400 invalid_cursor.
create or replace function private.page_position(p_cursor text)
returns private.page_position
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_cursor is null then
        return null;
    end if;
    if p_cursor !~ '^\d{1,18}\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then
        perform private.fail('invalid_cursor');
    end if;
    return row(
        timestamptz 'epoch' + split_part(p_cursor, '.', 1)::bigint * interval '1 microsecond',
        split_part(p_cursor, '.', 2)::uuid
    )::private.page_position;
end
$$;

revoke execute on function private.page_position(text) from public, anon, authenticated, service_role;
grant execute on function private.page_position(text) to authenticated, service_role;
