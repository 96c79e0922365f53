-- The work of public.revoke_api_key(). Locks: the key.
--
-- Raises 404 api_key_not_found, and what private.authorize() raises.
create or replace function private.revoke_api_key(p_api_key_id uuid)
returns public.api_keys
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.revoke_api_key');
    v_key public.api_keys;
begin
    update public.api_keys k
    set revoked_at = coalesce(k.revoked_at, now())
    where k.org_id = v_caller.org_id and k.id = p_api_key_id
    returning k.* into v_key;
    if not found then
        perform private.fail('api_key_not_found');
    end if;
    return v_key;
end
$$;

revoke execute on function private.revoke_api_key(uuid) from public, anon, authenticated, service_role;
grant execute on function private.revoke_api_key(uuid) to authenticated;
