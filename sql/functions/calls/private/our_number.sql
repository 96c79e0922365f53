-- Our number of a call, the one that was called or calls, as Vapi has it; NULL when it does not say.
create or replace function private.our_number(p_message jsonb)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        private.vapi_text(p_message, '{phoneNumber,number}', 100),
        private.vapi_text(p_message, '{call,phoneNumber,number}', 100));
end
$$;

revoke execute on function private.our_number(jsonb) from public, anon, authenticated, service_role;
