-- The work of public.verify_caller_id().
--
-- Raises 400 phone_number_invalid, 422 friendly_name_invalid, 409 telephony_not_configured, 409 caller_id_verified,
-- and what private.authorize() raises. Refuses with 422 premium_number, 423 caller_id_locked, 429 caller_id_limited.
create or replace function private.verify_caller_id(p_phone_number text, p_friendly_name text, p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.verify_caller_id');
begin
    return private.begin_caller_id(v_caller, p_phone_number, p_friendly_name, p_now);
end
$$;

revoke execute on function private.verify_caller_id(text, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.verify_caller_id(text, text, timestamptz) to authenticated;
