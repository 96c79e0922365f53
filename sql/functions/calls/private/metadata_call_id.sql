-- Our own id of a call, which Vapi was given with it and repeats; NULL when it does not.
create or replace function private.metadata_call_id(p_message jsonb)
returns uuid
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        private.uuid_or_null(p_message #>> '{call,metadata,call_id}'),
        private.uuid_or_null(p_message #>> '{call,assistantOverrides,metadata,call_id}'),
        private.uuid_or_null(p_message #>> '{assistant,metadata,call_id}'));
end
$$;

revoke execute on function private.metadata_call_id(jsonb) from public, anon, authenticated, service_role;
