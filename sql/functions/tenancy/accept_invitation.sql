-- Joins the organisation that an invitation's token stands for; for a signed-in person who is a member of none.
--
-- The token works for the invited email alone, so that whoever reads a forwarded email gains nothing. The organisation is in
-- the claims from the next token on: refresh it.
--
-- Raises 403 invitation_for_another_email, 404 invitation_not_found, 409 already_in_organization, 409 invitation_used,
-- 410 invitation_expired, and what private.authorize() raises.
create or replace function public.accept_invitation(p_token text)
returns public.profiles
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.accept_invitation(p_token);
$$;

revoke execute on function public.accept_invitation(text) from public, anon, authenticated, service_role;
grant execute on function public.accept_invitation(text) to authenticated;
