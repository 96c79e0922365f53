-- Hashes a new password, once it is good enough.
--
-- bcrypt reads 72 bytes and ignores the rest, so a longer password is refused rather than silently cut.
--
-- Raises 422 weak_password.
create or replace function private.sign_in_password_hash(p_password text)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(length(p_password), 0) < 8 or octet_length(p_password) > 72 then
        perform private.fail('weak_password', '{"reasons": ["length"], "at_least": 8, "at_most_bytes": 72}');
    end if;

    return extensions.crypt(p_password, extensions.gen_salt('bf', 10));
end
$$;

revoke execute on function private.sign_in_password_hash(text) from public, anon, authenticated, service_role;
