-- Why no number of a country can be sold: not one of ours, or papers its regulator asks for are missing. NULL: it can.
create or replace function private.country_refusal(p_country_code text)
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_country private.telephony_countries;
begin
    select * into v_country from private.telephony_countries c where c.country_code = p_country_code and c.enabled;
    return case
        when not found then 'country_unsupported'
        when (v_country.needs_bundle and v_country.bundle_sid is null)
             or (v_country.needs_address and v_country.address_sid is null) then 'country_requirements_unmet'
    end;
end
$$;

revoke execute on function private.country_refusal(text) from public, anon, authenticated, service_role;
