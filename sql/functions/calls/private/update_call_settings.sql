-- The work of public.update_call_settings(). Locks: the settings.
--
-- Raises 422 unknown_field, 422 invalid_value, and what private.authorize() raises.
create or replace function private.update_call_settings(p_patch jsonb, p_now timestamptz default now())
returns public.call_settings
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.update_call_settings');
    v_settings public.call_settings;
begin
    perform private.check_patch(
        p_patch, '{"redact_identifiers": "boolean", "redact_health": "boolean", "calling_hours": "object"}');
    if p_patch ? 'calling_hours' then
        perform private.check_hours(p_patch -> 'calling_hours', 'calling_hours');
    end if;
    insert into public.call_settings (org_id, updated_at) values (v_caller.org_id, p_now) on conflict (org_id) do nothing;
    select r.* into v_settings
    from public.call_settings s, lateral jsonb_populate_record(s, p_patch) as r
    where s.org_id = v_caller.org_id
    for no key update of s;
    update public.call_settings s set
        redact_identifiers = v_settings.redact_identifiers, redact_health = v_settings.redact_health,
        calling_hours = v_settings.calling_hours, updated_at = p_now
    where s.org_id = v_caller.org_id
    returning s.* into v_settings;
    return v_settings;
end
$$;

revoke execute on function private.update_call_settings(jsonb, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.update_call_settings(jsonb, timestamptz) to authenticated;
