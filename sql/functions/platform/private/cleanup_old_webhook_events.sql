-- Drops webhook events 24 hours after they were processed, and with them their raw rows and those a person discarded.
--
-- Answers how many processed events went. What is undone in the inbox is never touched.
create or replace function private.cleanup_old_webhook_events(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    delete from private.webhook_inbox w where w.finished_at < p_now - interval '24 hours';
    delete from public.processed_webhook_events e where e.processed_at < p_now - interval '24 hours';
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

revoke execute on function private.cleanup_old_webhook_events(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.cleanup_old_webhook_events(timestamptz) to service_role;
