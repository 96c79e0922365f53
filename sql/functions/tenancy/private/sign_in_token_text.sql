-- 32 bytes as the text of a refresh token: base64url without padding.
create or replace function private.sign_in_token_text(p_bytes bytea)
returns text
language sql immutable security definer
set search_path = pg_catalog, pg_temp
as $$
    select translate(encode(p_bytes, 'base64'), E'+/=\n', '-_');
$$;

revoke execute on function private.sign_in_token_text(bytea) from public, anon, authenticated, service_role;
