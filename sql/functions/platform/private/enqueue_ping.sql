-- Sends a ping through the queue and answers its id: who then sees it done knows that effects flow from end to end.
create or replace function private.enqueue_ping(p_payload jsonb default '{}')
returns uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.enqueue_effect(p_org_id => null, p_kind => 'platform.ping', p_payload => p_payload, p_priority => 10);
$$;

revoke execute on function private.enqueue_ping(jsonb) from public, anon, authenticated, service_role;
grant execute on function private.enqueue_ping(jsonb) to service_role;
