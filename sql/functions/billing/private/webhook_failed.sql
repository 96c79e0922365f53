-- The verdict on an event nothing could be made of: why, whose it is where that is known, and whether later may be better.
create or replace function private.webhook_failed(p_problem text, p_org_id uuid default null, p_try_again boolean default false)
returns private.webhook_verdict
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select (p_org_id, 'failed', p_problem, p_try_again)::private.webhook_verdict;
$$;

revoke execute on function private.webhook_failed(text, uuid, boolean) from public, anon, authenticated, service_role;
