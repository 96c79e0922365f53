-- Adds a person by email: at once when they have an account without an organisation (a former member of this one
-- included), else by an invitation, as public.invite_member() does.
--
-- Exactly one of member and invitation is answered.
--
-- Raises 409 already_member, 422 invalid_value, and what private.authorize() raises.
create or replace function public.add_member(p_email text, p_role text default 'user', p_full_name text default null)
returns public.member_addition
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.add_member(p_email, p_role, p_full_name);
$$;

revoke execute on function public.add_member(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.add_member(text, text, text) to authenticated;
