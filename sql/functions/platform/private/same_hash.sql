-- Whether two secrets or hashes are the same, in a time that says nothing of where they part.
--
-- `=` stops at the first byte that differs, so whoever can measure it learns a hash byte by byte. Keyed digests with a key
-- nobody knows, made anew each time, part at a random place. NULL is like nothing.
create or replace function private.same_hash(p_one text, p_other text)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key constant bytea := extensions.gen_random_bytes(32);
begin
    return coalesce(
        extensions.hmac(convert_to(p_one, 'UTF8'), v_key, 'sha256') = extensions.hmac(convert_to(p_other, 'UTF8'), v_key, 'sha256'),
        false);
end
$$;

revoke execute on function private.same_hash(text, text) from public, anon, authenticated, service_role;
