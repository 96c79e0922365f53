-- Vapi's name for the call a message is about; NULL when it names none.
create or replace function private.vapi_call_id(p_message jsonb)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return private.vapi_text(p_message, '{call,id}', 255);
end
$$;

revoke execute on function private.vapi_call_id(jsonb) from public, anon, authenticated, service_role;
