-- A telephone number as a contact may have it, E.164; NULL for a caller without one: withheld, a SIP address, a number that
-- is not written in full, or one of those by which carriers say that it is not known.
create or replace function private.contact_phone(p_phone text)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_phone constant text := translate(p_phone, ' ().-', '');
begin
    return case when v_phone ~ '^\+[1-9]\d{6,14}$'
                     and v_phone not in ('+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253') then v_phone end;
end
$$;

revoke execute on function private.contact_phone(text) from public, anon, authenticated, service_role;
