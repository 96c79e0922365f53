-- The work of public.confirm_caller_id_code().
--
-- A wrong code is counted and committed with the refusal, the caller ID held meanwhile: guesses sent at once are counted one
-- after the other. bcrypt reads 72 bytes and ignores the rest, so what is longer is wrong.
--
-- Locks: the caller ID; then enqueues.
--
-- Raises 404 caller_id_not_found, 409 caller_id_verified, 409 not_yet_confirmed, 410 caller_id_code_expired,
-- 409 telephony_not_configured, and what private.authorize() raises. Refuses with 400 caller_id_code_wrong,
-- 423 caller_id_locked.
create or replace function private.confirm_caller_id_code(
    p_verification_id uuid, p_verification_code text, p_now timestamptz default now()
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.confirm_caller_id_code');
    v_caller_id constant public.verified_caller_ids := private.open_caller_id(v_caller.org_id, p_verification_id, null, p_now);
    v_refusal constant jsonb := private.refuse_locked(v_caller_id, p_now);
    v_hash text;
begin
    if v_refusal is not null then
        return v_refusal;
    end if;

    select k.verification_code_hash into v_hash from private.caller_id_codes k
    where k.org_id = v_caller.org_id and k.verified_caller_id = v_caller_id.id;
    if v_hash is null or p_verification_code is null or octet_length(p_verification_code) > 72
       or not private.same_hash(extensions.crypt(p_verification_code, v_hash), v_hash) then
        return private.code_was_wrong(v_caller_id, p_now);
    end if;
    return private.look_up_caller_id(v_caller_id, p_now);
end
$$;

revoke execute on function private.confirm_caller_id_code(uuid, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.confirm_caller_id_code(uuid, text, timestamptz) to authenticated;
