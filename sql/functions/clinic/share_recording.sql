-- Sends somebody a link to a call's recording by email; it opens without an account, for 24 hours.
--
-- Raises 404 call_not_found, 404 recording_not_ready, 404 recording_not_found, 400 email_address_invalid,
-- 409 email_suppressed, and what private.authorize() raises.
create or replace function public.share_recording(p_call_id uuid, p_email text)
returns public.shared_recording
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.share_recording(p_call_id, p_email);
$$;

revoke execute on function public.share_recording(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.share_recording(uuid, text) to authenticated;
