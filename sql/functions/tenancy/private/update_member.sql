-- The work of public.update_member(). Locks: the organisation's admins when one leaves, then the member's profile.
--
-- Raises 404 member_not_found, 409 last_admin, 422 unknown_field, 422 invalid_value, and what private.authorize() raises.
create or replace function private.update_member(p_member_id uuid, p_patch jsonb)
returns public.profiles
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.update_member');
    v_old public.profiles;
    v_new public.profiles;
begin
    perform private.check_patch(p_patch, '{
        "role": "string", "status": "string", "full_name": "string?", "phone": "string?", "avatar_url": "string?"}');
    if p_patch ->> 'status' not in ('active', 'suspended') then
        perform private.fail('invalid_value', '{"field": "status"}');
    end if;
    perform private.check_person(
        p_role => p_patch ->> 'role',
        p_full_name => p_patch ->> 'full_name',
        p_phone => p_patch ->> 'phone',
        p_avatar_url => p_patch ->> 'avatar_url');

    if p_patch ->> 'role' <> 'admin' or p_patch ->> 'status' <> 'active' then
        perform private.keep_an_admin(v_caller.org_id, p_member_id);
    end if;
    select p.* into v_old
    from public.profiles p
    where p.org_id = v_caller.org_id and p.id = p_member_id and p.status <> 'inactive'
    for no key update;
    if not found then
        perform private.fail('member_not_found');
    end if;

    v_new := jsonb_populate_record(v_old, p_patch);
    update public.profiles p
    set role = v_new.role,
        status = v_new.status,
        full_name = private.label(v_new.full_name),
        phone = v_new.phone,
        avatar_url = v_new.avatar_url,
        updated_at = now()
    where p.org_id = v_caller.org_id and p.id = p_member_id
    returning p.* into v_new;
    return v_new;
end
$$;

revoke execute on function private.update_member(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function private.update_member(uuid, jsonb) to authenticated;
