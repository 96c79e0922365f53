-- Writes down what became of an integration, and tells the organisation's open screens. Locks: the integration.
create or replace function private.note_integration(
    p_org_id uuid, p_provider text, p_status text, p_account_label text, p_error text, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.integrations as i (
        org_id, provider, status, account_label, connected_at, last_checked_at, last_error, created_at, updated_at)
    values (
        p_org_id, p_provider, p_status, left(p_account_label, 200),
        case p_status when 'connected' then p_now end, p_now, left(p_error, 500), p_now, p_now)
    on conflict (org_id, provider) do update set
        status = excluded.status, account_label = excluded.account_label, connected_at = excluded.connected_at,
        last_checked_at = excluded.last_checked_at, last_error = excluded.last_error, updated_at = p_now;
    perform private.emit_event(
        p_org_id, 'integration.changed', jsonb_build_object('provider', p_provider, 'status', p_status));
end
$$;

revoke execute on function private.note_integration(uuid, text, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
