-- What tells a message of Vapi's from every other: it sends no id of its own.
--
-- The call, the type, and the status or the tool calls asked for; for what may come again with new content, and for
-- what names no call, a hash of the whole.
--
-- In plpgsql, which keeps the plan: somebody is on the line.
create or replace function private.vapi_event_key(p_message jsonb, p_type text, p_body bytea)
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select concat_ws(':', v.call_id, p_type, case
            when v.call_id is null or t.repeats is not false then encode(sha256(p_body), 'hex')
            when p_type = 'status-update' then coalesce(private.vapi_text(p_message, '{status}', 50), 'none')
            when p_type = 'tool-calls' then encode(extensions.digest((
                select string_agg(c.id, ' ' order by c.id)
                from (select distinct l.item ->> 'id' as id
                      from jsonb_path_query(p_message, 'lax $.toolCallList[*]') as l (item)
                      union
                      select distinct w.item #>> '{toolCall,id}'
                      from jsonb_path_query(p_message, 'lax $.toolWithToolCallList[*]') as w (item)) as c), 'sha256'), 'hex')
        end)
        from (select private.vapi_call_id(p_message)) as v (call_id)
        left join private.vapi_message_types t on t.type = p_type);
end
$$;

revoke execute on function private.vapi_event_key(jsonb, text, bytea) from public, anon, authenticated, service_role;
