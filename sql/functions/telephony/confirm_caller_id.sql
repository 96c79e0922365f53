-- Confirms a number by Twilio's list alone; answers the operation, or why not. Its answer is public.caller_id_confirmed().
--
-- Raises 404 caller_id_not_found, 409 caller_id_verified, 409 not_yet_confirmed, 410 caller_id_code_expired,
-- 409 telephony_not_configured, and what private.authorize() raises. Refuses with 423 caller_id_locked.
create or replace function public.confirm_caller_id(p_phone_number text)
returns jsonb
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.confirm_caller_id(p_phone_number);
$$;

revoke execute on function public.confirm_caller_id(text) from public, anon, authenticated, service_role;
grant execute on function public.confirm_caller_id(text) to authenticated;
