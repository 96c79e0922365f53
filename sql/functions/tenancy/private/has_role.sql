-- Whether the caller has at least this role, or is an API key with the scope that stands in for it.
--
-- For policies of tables that not every role may read: `(select private.has_role('manager', 'wallet:read'))`.
create or replace function private.has_role(p_least text, p_scope text default null)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_member constant private.membership_state := private.membership();
begin
    if v_member.org_id is null then
        return false;
    end if;
    if v_member.api_key_id is not null then
        return coalesce(p_scope = any (v_member.scopes), false);
    end if;
    return coalesce(private.role_rank(v_member.role) >= private.role_rank(p_least), false);
end
$$;

revoke execute on function private.has_role(text, text) from public, anon, authenticated, service_role;
grant execute on function private.has_role(text, text) to authenticated, service_role;
