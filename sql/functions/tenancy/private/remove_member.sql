-- The work of public.remove_member(). Locks: the organisation's admins, then the member's profile.
--
-- Raises 404 member_not_found, 409 last_admin, and what private.authorize() raises.
create or replace function private.remove_member(p_member_id uuid)
returns public.profiles
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.remove_member');
    v_profile public.profiles;
begin
    perform private.keep_an_admin(v_caller.org_id, p_member_id);
    update public.profiles p
    set status = 'inactive', updated_at = now()
    where p.org_id = v_caller.org_id and p.id = p_member_id and p.status <> 'inactive'
    returning p.* into v_profile;
    if not found then
        perform private.fail('member_not_found');
    end if;

    perform private.record_security_event(
        'member_removed', v_caller.org_id, p_member_id, jsonb_build_object('removed_by', v_caller.user_id));
    return v_profile;
end
$$;

revoke execute on function private.remove_member(uuid) from public, anon, authenticated, service_role;
grant execute on function private.remove_member(uuid) to authenticated;
