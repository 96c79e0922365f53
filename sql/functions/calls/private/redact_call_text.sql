-- What an organisation keeps of a text from a call: without the numbers that identify somebody, without health details, as
-- it has asked for (public.call_settings).
create or replace function private.redact_call_text(p_org_id uuid, p_text text)
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_settings constant public.call_settings := private.call_settings_of(p_org_id);
    v_text text := p_text;
begin
    if v_settings.redact_identifiers then
        v_text := private.redact_identifiers(v_text);
    end if;
    if v_settings.redact_health then
        v_text := private.redact_health(v_text);
    end if;
    return v_text;
end
$$;

revoke execute on function private.redact_call_text(uuid, text) from public, anon, authenticated, service_role;
