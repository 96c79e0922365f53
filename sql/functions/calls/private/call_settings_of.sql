-- How an organisation's calls are kept, and when it calls people: as it said, or as it is by default.
create or replace function private.call_settings_of(p_org_id uuid)
returns public.call_settings
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_settings public.call_settings;
begin
    select * into v_settings from public.call_settings s where s.org_id = p_org_id;
    if not found then
        v_settings.org_id := p_org_id;
        v_settings.redact_identifiers := true;
        v_settings.redact_health := false;
        v_settings.calling_hours := private.default_calling_hours();
    end if;
    return v_settings;
end
$$;

revoke execute on function private.call_settings_of(uuid) from public, anon, authenticated, service_role;
