-- The work of public.update_organization(). Locks: the organisation's row, without its key.
--
-- Raises 422 unknown_field, 422 invalid_value, and what private.authorize() raises.
create or replace function private.update_organization(p_patch jsonb)
returns public.organizations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.update_organization');
    v_new public.organizations;
    v_field text;
begin
    perform private.check_patch(p_patch, '{
        "name": "string", "email": "string?", "phone": "string?", "website": "string?", "timezone": "string",
        "settings": "object", "clinic_name": "string?", "specialty": "string?"}');

    select r.* into v_new
    from public.organizations o, lateral jsonb_populate_record(o, p_patch) as r
    where o.id = v_caller.org_id
    for no key update of o;

    perform private.check_person(p_email => v_new.email, p_phone => v_new.phone);
    v_field := case
        when private.label(v_new.name) is null or length(v_new.name) > 200 then 'name'
        when length(v_new.clinic_name) > 200 then 'clinic_name'
        when length(v_new.specialty) > 200 then 'specialty'
        when v_new.website !~ '^https?://\S+$' or length(v_new.website) > 500 then 'website'
        when not private.is_time_zone(v_new.timezone) then 'timezone'
        when octet_length(v_new.settings::text) > 65536 then 'settings'
    end;
    if v_field is not null then
        perform private.fail('invalid_value', jsonb_build_object('field', v_field));
    end if;

    update public.organizations o
    set name = private.label(v_new.name),
        email = v_new.email,
        phone = v_new.phone,
        website = v_new.website,
        timezone = v_new.timezone,
        settings = v_new.settings,
        clinic_name = private.label(v_new.clinic_name),
        specialty = private.label(v_new.specialty),
        updated_at = now()
    where o.id = v_caller.org_id
    returning o.* into v_new;
    return v_new;
end
$$;

revoke execute on function private.update_organization(jsonb) from public, anon, authenticated, service_role;
grant execute on function private.update_organization(jsonb) to authenticated;
