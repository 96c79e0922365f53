-- Tells an organisation that its own Twilio account broke (p_reason), its admins by email, or that it works again (NULL).
create or replace function private.tell_own_account(
    p_org_id uuid, p_phone_number text, p_account_label text, p_reason text, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.emit_event(p_org_id, 'integration.changed', jsonb_build_object(
        'provider', 'twilio', 'status', case when p_reason is null then 'connected' else 'error' end));
    if p_reason is not null then
        perform private.email_admins(
            p_org_id, 'twilio_broken',
            jsonb_build_object('account', coalesce(p_account_label, 'Twilio'), 'number', p_phone_number, 'reason', p_reason),
            format('twilio_broken:%s:%s', p_org_id, to_char(p_now, 'YYYYMMDDHH24MISSUS')));
    end if;
end
$$;

revoke execute on function private.tell_own_account(uuid, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
