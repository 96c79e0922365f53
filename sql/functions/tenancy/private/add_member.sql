-- The work of public.add_member().
--
-- An account counts as free when the directory leads nowhere, or to a profile that is inactive. Only one that once was a
-- member here, or never was anywhere, is added without asking; anyone else accepts an invitation.
-- Locks: the account, so that two organisations cannot both take it.
--
-- Raises 409 already_member, 422 invalid_value, and what private.authorize() raises.
create or replace function private.add_member(
    p_email text, p_role text default 'user', p_full_name text default null, p_now timestamptz default now())
returns public.member_addition
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.add_member');
    v_answer public.member_addition;
    v_user_id uuid;
begin
    if p_role is null then
        perform private.fail('invalid_value', '{"field": "role"}');
    end if;
    perform private.check_person(p_email => p_email, p_role => p_role, p_full_name => p_full_name);

    select u.id into v_user_id
    from auth.users u
    where lower(u.email) = lower(btrim(p_email)) and u.deleted_at is null and u.email_confirmed_at is not null
    for no key update;
    if found and not exists (
        select
        from private.directory d
        join public.profiles p on p.org_id = d.org_id and p.id = v_user_id
        where d.kind = 'user' and d.key = v_user_id::text and (p.status <> 'inactive' or d.org_id <> v_caller.org_id)
    ) then
        v_answer.member := private.admit_member(v_caller.org_id, v_user_id, p_role, p_full_name);
    else
        v_answer.invitation := private.write_invitation(v_caller, p_email, p_role, p_full_name, p_now);
    end if;
    return v_answer;
end
$$;

revoke execute on function private.add_member(text, text, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.add_member(text, text, text, timestamptz) to authenticated;
