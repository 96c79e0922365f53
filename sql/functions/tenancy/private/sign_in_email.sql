-- The one spelling of an email address that accounts are kept under.
--
-- Deliverability is not judged, only that it has the shape of one address: text, one @, a host with a dot.
--
-- Raises 400 email_address_invalid.
create or replace function private.sign_in_email(p_email text)
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_email constant text := lower(btrim(p_email, E' \t\r\n'));
begin
    if v_email is null
       or length(v_email) > 254
       or v_email !~ '^[^\s@<>()\[\]\\,;:"]+@[^\s@<>()\[\]\\,;:".]+(\.[^\s@<>()\[\]\\,;:".]+)+$'
       or v_email ~ '[[:cntrl:]]'
    then
        perform private.fail('email_address_invalid');
    end if;

    return v_email;
end
$$;

revoke execute on function private.sign_in_email(text) from public, anon, authenticated, service_role;
