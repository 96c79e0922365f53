-- The organisation the caller may see: the claim's, while it is active and the caller's profile or API key in it is too.
--
-- Policies call it as `(select private.member_org_id())`, once a statement. NULL otherwise, so a removed or suspended
-- member loses the rows at once and not when the token expires.
create or replace function private.member_org_id()
returns uuid
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (private.membership()).org_id;
end
$$;

revoke execute on function private.member_org_id() from public, anon, authenticated, service_role;
grant execute on function private.member_org_id() to authenticated, service_role;
