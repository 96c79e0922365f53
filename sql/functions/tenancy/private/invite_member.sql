-- The work of public.invite_member(), apart from asking whether the caller may.
--
-- Raises 409 already_member, 422 invalid_value, and what private.authorize() raises.
create or replace function private.invite_member(
    p_email text, p_role text default 'user', p_full_name text default null, p_now timestamptz default now())
returns public.org_invitations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.invite_member');
begin
    return private.write_invitation(v_caller, p_email, p_role, p_full_name, p_now);
end
$$;

revoke execute on function private.invite_member(text, text, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.invite_member(text, text, text, timestamptz) to authenticated;
