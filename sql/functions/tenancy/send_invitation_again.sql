-- Sends an open invitation once more, with a new token: for the email that was lost or deleted. At most once a minute.
--
-- Answers the operation that sends it.
--
-- Raises 404 invitation_not_found, 409 invitation_used, 410 invitation_expired, 409 email_suppressed, 429 too_many_requests,
-- and what private.authorize() raises.
create or replace function public.send_invitation_again(p_invitation_id uuid)
returns public.operation
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.send_invitation_again(p_invitation_id);
$$;

revoke execute on function public.send_invitation_again(uuid) from public, anon, authenticated, service_role;
grant execute on function public.send_invitation_again(uuid) to authenticated;
