-- The country a number belongs to, among those we know; NULL for others. +1 is shared: its area codes decide.
create or replace function private.country_of(p_phone_number text)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select c.country_code
    from private.telephony_countries c
    where p_phone_number like '+' || c.calling_code || '%'
      and (c.area_codes = '{}' or substr(p_phone_number, length(c.calling_code) + 2, 3) = any (c.area_codes))
    order by length(c.calling_code) desc, c.area_codes = '{}', c.country_code
    limit 1;
$$;

revoke execute on function private.country_of(text) from public, anon, authenticated, service_role;
