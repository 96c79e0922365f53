-- Keeps a verified webhook as it came, once per provider and event.
--
-- Commits before anything is made of it: from then on it is safe, whatever happens to the process. The first attempt
-- belongs to whoever took it in; the worker looks at it half a minute later at the earliest.
create or replace function private.ingest_webhook(
    p_provider text, p_event_id text, p_event_type text, p_headers jsonb, p_body bytea,
    p_now timestamptz default now())
returns table (id uuid, fresh boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
begin
    insert into private.webhook_inbox as w (provider, event_id, event_type, headers, body, next_attempt_at, received_at)
    values (p_provider, p_event_id, p_event_type, coalesce(p_headers, '{}'), p_body, p_now + interval '30 seconds', p_now)
    on conflict (provider, event_id) do nothing
    returning w.id into v_id;

    if v_id is not null then
        return query select v_id, true;
    else
        return query select w.id, false from private.webhook_inbox w
        where w.provider = p_provider and w.event_id = p_event_id;
    end if;
end
$$;

revoke execute on function private.ingest_webhook(text, text, text, jsonb, bytea, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.ingest_webhook(text, text, text, jsonb, bytea, timestamptz) to service_role;
