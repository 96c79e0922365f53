-- What Vapi's message says the call was given by us: the metadata of the call, of its overrides and of its assistant.
create or replace function private.metadata_of(p_message jsonb)
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'call', p_message #> '{call,metadata}',
        'overrides', p_message #> '{call,assistantOverrides,metadata}',
        'assistant', p_message #> '{assistant,metadata}',
        'message', p_message -> 'metadata'));
$$;

revoke execute on function private.metadata_of(jsonb) from public, anon, authenticated, service_role;
