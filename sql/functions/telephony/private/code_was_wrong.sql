-- Counts a wrong code and says how many attempts remain; the third one locks the number for an hour.
--
-- The caller holds the caller ID.
--
-- Refuses with 400 caller_id_code_wrong, 423 caller_id_locked.
create or replace function private.code_was_wrong(p_caller_id public.verified_caller_ids, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_left constant integer := 3 - (p_caller_id.verification_attempts + 1);
begin
    update public.verified_caller_ids c set
        verification_attempts = c.verification_attempts + 1,
        locked_until = case when v_left <= 0 then p_now + interval '1 hour' end,
        updated_at = p_now
    where c.org_id = p_caller_id.org_id and c.id = p_caller_id.id;
    if v_left <= 0 then
        return private.refuse('caller_id_locked', p_retry_after_seconds => 3600);
    end if;
    return private.refuse(
        'caller_id_code_wrong', jsonb_build_object('attempts_remaining', v_left),
        format('Invalid verification code. %s remaining.', case v_left when 1 then '1 attempt' else v_left || ' attempts' end));
end
$$;

revoke execute on function private.code_was_wrong(public.verified_caller_ids, timestamptz)
    from public, anon, authenticated, service_role;
