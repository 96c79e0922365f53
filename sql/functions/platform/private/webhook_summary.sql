-- What an operator is told about a kept webhook: everything but its body and headers.
--
-- Raises 404 webhook_not_found.
create or replace function private.webhook_summary(p_id uuid)
returns private.webhook_summary
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_summary private.webhook_summary;
begin
    select w.id, w.provider, w.event_id, w.event_type, w.state, w.attempts, w.last_error, w.org_id, w.received_at,
           w.finished_at, case when w.state in ('received', 'failed') then w.next_attempt_at end
    into v_summary
    from private.webhook_inbox w where w.id = p_id;
    if not found then
        perform private.fail('webhook_not_found');
    end if;
    return v_summary;
end
$$;

revoke execute on function private.webhook_summary(uuid) from public, anon, authenticated, service_role;
grant execute on function private.webhook_summary(uuid) to service_role;
