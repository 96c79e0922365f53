-- Has the agents of every organisation linked to the tools of today. A round that has not begun is this one, too.
--
-- Locks: that round, so that it does not begin before this is committed; or the key's last effect.
create or replace function private.order_relink(p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform from private.effects e
    where e.queue_key = 'relink' and e.state in ('waiting', 'ready') and not e.payload ? 'after'
    order by e.id
    limit 1
    for update;
    if not found then
        perform private.enqueue_effect(
            p_org_id => null, p_kind => 'calls.relink', p_payload => '{}', p_queue_key => 'relink', p_run_at => p_now);
    end if;
end
$$;

revoke execute on function private.order_relink(timestamptz) from public, anon, authenticated, service_role;
