-- Checks what may be said about a person in any function that takes it: email, role, name, phone, picture.
--
-- NULL is "not said" and always passes. Raises 422 invalid_value with the field.
create or replace function private.check_person(
    p_email text default null,
    p_role text default null,
    p_full_name text default null,
    p_phone text default null,
    p_avatar_url text default null
)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_field text;
begin
    v_field := case
        when p_email !~ '^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$' or length(p_email) > 254 then 'email'
        when p_role not in ('admin', 'manager', 'user') then 'role'
        when length(p_full_name) > 200 then 'full_name'
        when p_phone !~ '^\+[1-9]\d{6,14}$' then 'phone'
        when p_avatar_url !~ '^https?://\S+$' or length(p_avatar_url) > 1000 then 'avatar_url'
    end;
    if v_field is not null then
        perform private.fail('invalid_value', jsonb_build_object('field', v_field));
    end if;
end
$$;

revoke execute on function private.check_person(text, text, text, text, text) from public, anon, authenticated, service_role;
