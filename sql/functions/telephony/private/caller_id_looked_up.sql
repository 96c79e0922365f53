-- The step after the effect twilio.find_caller_id: a number on Twilio's list is verified, and nothing else makes it so. One
-- that is not there yet stays as it is: the person may still be typing. The list of an account that was left meanwhile counts no
-- more.
--
-- Locks: the caller ID.
create or replace function private.caller_id_looked_up(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_id constant uuid := (p_effect #>> '{payload,caller_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
begin
    update public.verified_caller_ids c set
        status = 'verified', verified_at = v_now, twilio_caller_id_sid = p_result ->> 'caller_id_sid',
        verification_attempts = 0, verification_code_expires_at = null, locked_until = null, updated_at = v_now
    where c.org_id = v_org_id and c.id = v_id and c.status <> 'verified' and p_result ->> 'caller_id_sid' is not null
      and p_effect #>> '{payload,account,sid}' = (private.telephony_account_of(v_org_id)).sid;
    if found then
        delete from private.caller_id_codes k where k.org_id = v_org_id and k.verified_caller_id = v_id;
        perform private.emit_event(v_org_id, 'telephony.caller_id', jsonb_build_object('id', v_id, 'status', 'verified'));
    end if;
end
$$;

revoke execute on function private.caller_id_looked_up(jsonb, text, jsonb) from public, anon, authenticated, service_role;
