-- Tries again what is due in the inbox, oldest first, a hundred a run, and answers how many were processed.
--
-- Each row is its own savepoint, so one that cannot be processed spoils nothing for the others. A statement time-out
-- (which `others` would not catch) counts as that row's failure and ends the run, for nothing bounds the rest of it any
-- more. Locks: the rows, skipping those someone else is at.
create or replace function private.retry_webhooks(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
    v_processed integer := 0;
begin
    for v_id in
        select w.id from private.webhook_inbox w
        where w.state in ('received', 'failed') and w.next_attempt_at <= p_now
        order by w.next_attempt_at
        limit 100
        for update skip locked
    loop
        begin
            if private.process_webhook(v_id, p_now) = 'processed' then
                v_processed := v_processed + 1;
            end if;
        exception
            when query_canceled then
                perform private.fail_webhook(v_id, sqlerrm, p_now);
                exit;
            when others then
                perform private.fail_webhook(v_id, sqlerrm, p_now);
        end;
    end loop;
    return v_processed;
end
$$;

revoke execute on function private.retry_webhooks(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.retry_webhooks(timestamptz) to service_role;
