-- Whether a server of this release may have traffic, and how the queue stands: what /ready answers.
--
-- A late queue is shown and does not make a server unfit: taking servers away would only make it later. Refuses 503
-- server_too_old when the database no longer works with servers of that release.
create or replace function private.readiness(p_server_release text, p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_release private.schema_release;
    v_late_seconds numeric;
    v_dead bigint;
begin
    select * into v_release from private.schema_release r;
    if string_to_array(p_server_release, '.')::integer[] < string_to_array(v_release.min_server_release, '.')::integer[] then
        return private.refuse('server_too_old', jsonb_build_object(
            'server', p_server_release, 'oldest', v_release.min_server_release));
    end if;

    select round(coalesce(max(m.late_seconds), 0)::numeric, 1), coalesce(sum(m.effects) filter (where m.state = 'dead'), 0)::bigint
    into v_late_seconds, v_dead
    from private.effect_metrics(p_now) m;

    return jsonb_build_object(
        'status', 'ok',
        'server_release', p_server_release,
        'database_release', v_release.release,
        'queue_late_seconds', v_late_seconds,
        'dead_effects', v_dead,
        'undone_webhooks', (select count(*) from private.webhook_inbox w where w.finished_at is null));
end
$$;

revoke execute on function private.readiness(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.readiness(text, timestamptz) to service_role;
