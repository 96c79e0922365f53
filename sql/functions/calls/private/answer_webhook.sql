-- Makes of a kept message what it means, once, and answers what Vapi is told: the same whenever it asks again. Who
-- comes while another is at it waits for that one's answer.
--
-- Raises 404 webhook_not_found.
create or replace function private.answer_webhook(p_id uuid, p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.process_webhook(p_id, p_now);
    return (select w.answer from private.webhook_inbox w where w.id = p_id);
end
$$;

revoke execute on function private.answer_webhook(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.answer_webhook(uuid, timestamptz) to service_role;
