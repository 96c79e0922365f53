-- Invites an email to the caller's organisation with a role; the token goes out in the email and nowhere else.
--
-- Single use, seven days. While an invitation of the email is open, inviting again answers that one and sends nothing.
--
-- Raises 409 already_member, 422 invalid_value, and what private.authorize() raises.
create or replace function public.invite_member(p_email text, p_role text default 'user', p_full_name text default null)
returns public.org_invitations
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.invite_member(p_email, p_role, p_full_name);
$$;

revoke execute on function public.invite_member(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.invite_member(text, text, text) to authenticated;
