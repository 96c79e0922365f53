-- Vapi's id of the assistant on a call; NULL while there is none.
create or replace function private.assistant_of_message(p_message jsonb)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(p_message #>> '{call,assistantId}', p_message #>> '{assistant,id}');
end
$$;

revoke execute on function private.assistant_of_message(jsonb) from public, anon, authenticated, service_role;
