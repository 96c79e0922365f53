-- The saga that connects or disconnects an organisation's own Twilio account just now; NULL when none does.
create or replace function private.own_account_saga(p_org_id uuid)
returns private.sagas
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select s from private.sagas s
    where s.org_id = p_org_id and s.saga in ('connect_twilio', 'disconnect_twilio') and s.finished_at is null
    limit 1;
$$;

revoke execute on function private.own_account_saga(uuid) from public, anon, authenticated, service_role;
