-- Whether a number may be called or bought at all, and its country (NULL: one we do not know).
--
-- Raises 400 phone_number_invalid, 422 premium_number.
create or replace function private.check_phone_number(p_phone_number text)
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_phone_number is null or p_phone_number !~ '^\+[1-9]\d{6,14}$' then
        perform private.fail('phone_number_invalid');
    elsif exists (select from private.premium_prefixes p where starts_with(p_phone_number, p.prefix)) then
        perform private.fail('premium_number');
    end if;
    return private.country_of(p_phone_number);
end
$$;

revoke execute on function private.check_phone_number(text) from public, anon, authenticated, service_role;
