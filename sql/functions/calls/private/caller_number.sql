-- The number at the other end of a call, as Vapi has it: not always one that could be called back.
create or replace function private.caller_number(p_message jsonb)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        private.vapi_text(p_message, '{customer,number}', 100),
        private.vapi_text(p_message, '{call,customer,number}', 100));
end
$$;

revoke execute on function private.caller_number(jsonb) from public, anon, authenticated, service_role;
