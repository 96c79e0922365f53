-- Asks Twilio for numbers of a country that are to be had. Answers the operation to follow.
--
-- p_contains: digits and `*`, two characters at least.
--
-- Raises 422 country_unsupported, 422 area_code_invalid, 422 number_pattern_invalid, and what private.authorize() raises.
create or replace function public.search_numbers(
    p_country text, p_area_code text default null, p_contains text default null
)
returns jsonb
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.search_numbers(p_country, p_area_code, p_contains);
$$;

revoke execute on function public.search_numbers(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.search_numbers(text, text, text) to authenticated;
