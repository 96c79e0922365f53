-- The carrier's name for the call; NULL when Vapi does not say.
create or replace function private.call_sid_of(p_message jsonb)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        private.vapi_text(p_message, '{call,phoneCallProviderId}', 64),
        private.vapi_text(p_message, '{call,transport,callSid}', 64));
end
$$;

revoke execute on function private.call_sid_of(jsonb) from public, anon, authenticated, service_role;
