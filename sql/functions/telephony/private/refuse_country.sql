-- Says why no number of a country is sold or searched, and commits: that somebody asked stays written down.
--
-- Raises 409 country_requirements_unmet, 422 country_unsupported.
create or replace function private.refuse_country(p_refusal text, p_country_code text)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_refusal = 'country_requirements_unmet' then
        return private.refuse('country_requirements_unmet', (
            select jsonb_build_object('requirements', c.requirements) from private.telephony_countries c
            where c.country_code = p_country_code));
    end if;
    return private.refuse('country_unsupported');
end
$$;

revoke execute on function private.refuse_country(text, text) from public, anon, authenticated, service_role;
