-- The work of public.set_country_papers(). Locks: the country.
--
-- Raises 422 country_unsupported, and what private.authorize() raises.
create or replace function private.set_country_papers(
    p_country text, p_bundle_sid text, p_address_sid text, p_now timestamptz default now()
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.set_country_papers');
    update private.telephony_countries c set bundle_sid = p_bundle_sid, address_sid = p_address_sid, edited_at = p_now
    where c.country_code = p_country;
    if not found then
        perform private.fail('country_unsupported');
    end if;
end
$$;

revoke execute on function private.set_country_papers(text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.set_country_papers(text, text, text, timestamptz) to service_role;
