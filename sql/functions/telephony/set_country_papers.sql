-- Notes the operator's regulatory papers at Twilio for a country, which its numbers are bought with.
--
-- Raises 422 country_unsupported, and what private.authorize() raises.
create or replace function public.set_country_papers(p_country text, p_bundle_sid text, p_address_sid text)
returns void
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.set_country_papers(p_country, p_bundle_sid, p_address_sid);
$$;

revoke execute on function public.set_country_papers(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.set_country_papers(text, text, text) to service_role;
