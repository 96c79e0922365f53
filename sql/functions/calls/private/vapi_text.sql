-- A short text out of a message; NULL when something else stands there, or nothing.
create or replace function private.vapi_text(p_message jsonb, p_path text[], p_most integer)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return case when jsonb_typeof(p_message #> p_path) in ('string', 'number')
                then nullif(btrim(left(p_message #>> p_path, p_most)), '') end;
end
$$;

revoke execute on function private.vapi_text(jsonb, text[], integer) from public, anon, authenticated, service_role;
