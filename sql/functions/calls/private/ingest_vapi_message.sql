-- Keeps a message of Vapi's as it came, once, and answers whether Vapi waits for an answer to it.
--
-- Secrets in it are taken out first. What says nothing that lasts is not kept: id is NULL then. Commits before anything is made of it.
--
-- Raises 400 invalid_json.
create or replace function private.ingest_vapi_message(p_headers jsonb, p_body bytea, p_now timestamptz default now())
returns table (id uuid, fresh boolean, message_type text, question boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_message constant jsonb := private.vapi_event(p_body);
    v_type constant text := coalesce(private.vapi_text(v_message, '{type}', 100), 'unknown');
    v_question boolean;
    v_kept boolean;
begin
    select t.question, t.kept into v_question, v_kept from private.vapi_message_types t where t.type = v_type;
    if v_kept is false then
        return query select null::uuid, false, v_type, v_question;
        return;
    end if;
    return query
        select i.id, i.fresh, v_type, coalesce(v_question, false)
        from private.ingest_webhook(
            'vapi', private.vapi_event_key(v_message, v_type, p_body), v_type, p_headers, private.without_secrets(p_body),
            p_now) i;
end
$$;

revoke execute on function private.ingest_vapi_message(jsonb, bytea, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.ingest_vapi_message(jsonb, bytea, timestamptz) to service_role;
