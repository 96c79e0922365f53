-- Lets only an object of at most 16 kB into user_metadata: it travels in every access token.
--
-- Raises 422 user_metadata_invalid.
create or replace function private.sign_in_check_metadata(p_data jsonb)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_data is not null and (jsonb_typeof(p_data) <> 'object' or octet_length(p_data::text) > 16384) then
        perform private.fail('user_metadata_invalid');
    end if;
end
$$;

revoke execute on function private.sign_in_check_metadata(jsonb) from public, anon, authenticated, service_role;
