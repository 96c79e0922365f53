-- Begins to verify a number by a call to it; answers the operation, or why not. Its answer is public.caller_id_initiated().
--
-- Raises 400 phone_number_invalid, 409 telephony_not_configured, 409 caller_id_verified, and what private.authorize() raises. Refuses with
-- 422 premium_number, 423 caller_id_locked, 429 caller_id_limited.
create or replace function public.initiate_caller_id(p_phone_number text)
returns jsonb
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.initiate_caller_id(p_phone_number);
$$;

revoke execute on function public.initiate_caller_id(text) from public, anon, authenticated, service_role;
grant execute on function public.initiate_caller_id(text) to authenticated;
