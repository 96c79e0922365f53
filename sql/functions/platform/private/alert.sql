-- Tells the operator something: a line in Slack, at most one an hour for each kind and organisation.
--
-- Those in between are counted, and the next line says how many there were. The line names the organisation; p_org_id is
-- null for the platform's own alerts.
--
-- Locks: the alert's row, until commit; then enqueues.
create or replace function private.alert(p_org_id uuid, p_kind text, p_text text, p_now timestamptz default now())
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_suppressed integer;
begin
    insert into private.alerts as a (org_id, kind, last_sent_at)
    values (p_org_id, p_kind, '-infinity')
    on conflict (org_id, kind) do nothing;

    select a.suppressed into v_suppressed from private.alerts a
    where a.org_id is not distinct from p_org_id and a.kind = p_kind and a.last_sent_at <= p_now - interval '1 hour'
    for update;
    if not found then
        update private.alerts a set suppressed = a.suppressed + 1
        where a.org_id is not distinct from p_org_id and a.kind = p_kind;
        return;
    end if;

    update private.alerts a set last_sent_at = p_now, suppressed = 0
    where a.org_id is not distinct from p_org_id and a.kind = p_kind;
    perform private.enqueue_effect(
        p_org_id => p_org_id,
        p_kind => 'slack.message',
        p_payload => jsonb_build_object(
            'kind', p_kind,
            'text', concat(
                p_text,
                ' [organisation ' || p_org_id || ']',
                case when v_suppressed > 0 then format(' (and %s more since the last line)', v_suppressed) end)),
        p_run_at => p_now);
end
$$;

revoke execute on function private.alert(uuid, text, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.alert(uuid, text, text, timestamptz) to service_role;
