-- The work of public.confirm_caller_id(). A number locked after wrong codes waits here too.
--
-- Locks: the caller ID; then enqueues.
--
-- Raises 404 caller_id_not_found, 409 caller_id_verified, 409 not_yet_confirmed, 410 caller_id_code_expired,
-- 409 telephony_not_configured, and what private.authorize() raises. Refuses with 423 caller_id_locked.
create or replace function private.confirm_caller_id(p_phone_number text, p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.confirm_caller_id');
    v_caller_id constant public.verified_caller_ids := private.open_caller_id(v_caller.org_id, null, p_phone_number, p_now);
begin
    return coalesce(
        private.refuse_locked(v_caller_id, p_now),
        private.look_up_caller_id(v_caller_id, p_now));
end
$$;

revoke execute on function private.confirm_caller_id(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.confirm_caller_id(text, timestamptz) to authenticated;
