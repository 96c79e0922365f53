-- Notes a live event for the organisation's open screens.
--
-- It is published after commit, when every transaction that began before this one has ended, so that a cursor never
-- passes over an event still to be committed.
create or replace function private.emit_event(p_org_id uuid, p_kind text, p_payload jsonb default '{}')
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into private.events (slot, org_id, kind, payload)
    values (private.day_slot(now(), 5), p_org_id, p_kind, coalesce(p_payload, '{}'));
    perform set_config('voxanne.wake', 'on', true);
end
$$;

revoke execute on function private.emit_event(uuid, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function private.emit_event(uuid, text, jsonb) to service_role;
