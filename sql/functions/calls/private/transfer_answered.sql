-- A caller could not be passed on: the call's row says so no longer, and the caller is told and asked for a message.
--
-- Locks: the call, then the effect's queue.
create or replace function private.transfer_answered(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_payload constant jsonb := p_effect -> 'payload';
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_call public.calls;
begin
    if p_outcome = 'done' then
        return;
    end if;
    update public.calls c set transfer_to = null, transfer_time = null, transfer_reason = null, updated_at = v_now
    where c.org_id = (v_payload ->> 'org_id')::uuid and c.id = (v_payload ->> 'call_id')::uuid
      and c.transfer_to = v_payload ->> 'number' and c.ended_at is null
    returning * into v_call;
    if not found then
        return;
    end if;
    perform private.enqueue_effect(
        p_org_id => v_call.org_id,
        p_kind => 'vapi.say',
        p_payload => jsonb_build_object(
            'org_id', v_call.org_id, 'call_id', v_call.id, 'control_url', v_payload -> 'control_url',
            'text', private.say('transfer_failed', private.language_of(v_call))),
        p_run_at => v_now);
end
$$;

revoke execute on function private.transfer_answered(jsonb, text, jsonb) from public, anon, authenticated, service_role;
