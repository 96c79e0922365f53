-- The kept webhooks nothing was made of yet, dead ones first, for whoever wants to replay or discard them.
create or replace function private.undone_webhooks(p_limit integer default 100)
returns setof private.webhook_summary
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select w.id, w.provider, w.event_id, w.event_type, w.state, w.attempts, w.last_error, w.org_id, w.received_at,
           w.finished_at, case when w.state <> 'dead' then w.next_attempt_at end
    from private.webhook_inbox w
    where w.finished_at is null
    order by w.state <> 'dead', w.received_at
    limit p_limit;
$$;

revoke execute on function private.undone_webhooks(integer) from public, anon, authenticated, service_role;
grant execute on function private.undone_webhooks(integer) to service_role;
