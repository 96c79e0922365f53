-- The step after the effect twilio.request_caller_id: the number was on Twilio's list already, or its phone is being called
-- and the code's hash is kept for ten minutes, or nothing came of it.
--
-- bcrypt's $2b$ and $2y$ are what pgcrypto calls $2a$, and it knows no other letter: for digits they are the same.
--
-- Locks: the caller ID.
create or replace function private.caller_id_requested(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_hash constant text := regexp_replace(p_result ->> 'code_hash', '^\$2[by]\$', '$2a$');
    v_caller_id public.verified_caller_ids;
begin
    update public.verified_caller_ids c set
        status = case when p_result ->> 'caller_id_sid' is not null then 'verified' when v_hash is not null then 'pending' else 'failed' end,
        twilio_caller_id_sid = coalesce(p_result ->> 'caller_id_sid', c.twilio_caller_id_sid),
        verified_at = case when p_result ->> 'caller_id_sid' is not null then v_now end,
        twilio_call_sid = coalesce(p_result ->> 'call_sid', c.twilio_call_sid),
        verification_code_expires_at = case when v_hash is not null then v_now + interval '10 minutes' end,
        updated_at = v_now
    where c.org_id = v_org_id and c.effect_id = (p_effect ->> 'id')::uuid
    returning c.* into v_caller_id;
    if not found then
        return;
    end if;

    if v_hash is not null and v_caller_id.status = 'pending' then
        insert into private.caller_id_codes as k (org_id, verified_caller_id, verification_code_hash, created_at)
        values (v_org_id, v_caller_id.id, v_hash, v_now)
        on conflict (org_id, verified_caller_id) do update
        set verification_code_hash = excluded.verification_code_hash, created_at = excluded.created_at;
    end if;
    perform private.emit_event(v_org_id, 'telephony.caller_id', jsonb_build_object(
        'id', v_caller_id.id, 'status', v_caller_id.status));
end
$$;

revoke execute on function private.caller_id_requested(jsonb, text, jsonb) from public, anon, authenticated, service_role;
