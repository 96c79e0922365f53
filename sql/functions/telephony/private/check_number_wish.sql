-- Whether a wish for a number makes sense.
--
-- Raises 400 phone_number_invalid, 422 premium_number, 422 direction_invalid, 422 area_code_invalid, 422 number_of_another_country.
create or replace function private.check_number_wish(
    p_country text, p_direction text, p_phone_number text, p_area_code text
)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_direction is null or p_direction not in ('inbound', 'outbound') then
        perform private.fail('direction_invalid');
    elsif p_area_code !~ '^0?[1-9]\d{0,4}$' then
        perform private.fail('area_code_invalid');
    elsif p_phone_number is not null and private.check_phone_number(p_phone_number) is distinct from p_country
          and private.country_refusal(p_country) is distinct from 'country_unsupported' then
        perform private.fail('number_of_another_country');
    end if;
end
$$;

revoke execute on function private.check_number_wish(text, text, text, text)
    from public, anon, authenticated, service_role;
