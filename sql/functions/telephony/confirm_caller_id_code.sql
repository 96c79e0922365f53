-- Confirms a number by the code that was shown, and by Twilio's list; answers the operation, or why not. Its answer is
-- public.caller_id_code_confirmed().
--
-- Raises 404 caller_id_not_found, 409 caller_id_verified, 409 not_yet_confirmed, 410 caller_id_code_expired,
-- 409 telephony_not_configured, and what private.authorize() raises. Refuses with 400 caller_id_code_wrong,
-- 423 caller_id_locked.
create or replace function public.confirm_caller_id_code(p_verification_id uuid, p_verification_code text)
returns jsonb
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.confirm_caller_id_code(p_verification_id, p_verification_code);
$$;

revoke execute on function public.confirm_caller_id_code(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.confirm_caller_id_code(uuid, text) to authenticated;
