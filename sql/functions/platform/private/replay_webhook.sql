-- Processes a kept webhook again, at an operator's word, whatever its state, and answers how that went.
--
-- Processing is idempotent, so a replay of a processed one does no harm. A failure leaves it to the worker with its
-- attempts counted from the start. Locks: the row.
--
-- Raises 404 webhook_not_found.
create or replace function private.replay_webhook(p_id uuid, p_now timestamptz default now())
returns private.webhook_summary
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update private.webhook_inbox w
    set state = 'received', attempts = 0, next_attempt_at = p_now, finished_at = null, last_error = null
    where w.id = p_id;
    if not found then
        perform private.fail('webhook_not_found');
    end if;

    begin
        perform private.process_webhook(p_id, p_now);
    exception when query_canceled or others then
        perform private.fail_webhook(p_id, sqlerrm, p_now);
    end;
    return private.webhook_summary(p_id);
end
$$;

revoke execute on function private.replay_webhook(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.replay_webhook(uuid, timestamptz) to service_role;
