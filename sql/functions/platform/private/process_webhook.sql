-- Makes of a kept webhook what it means, and answers its state.
--
-- One that is processed or discarded stays as it is. What the provider's function raises is the caller's to catch: the
-- row is then untouched, and private.fail_webhook() or private.retry_webhooks() notes the failure. One of Stripe's may fail
-- without raising: its verdict is kept, and the state says whether it is tried again. Locks: the row.
--
-- Raises 404 webhook_not_found.
create or replace function private.process_webhook(p_id uuid, p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row private.webhook_inbox;
    v_event jsonb;
    v_org_id uuid;
    v_verdict private.webhook_verdict;
    v_outcome private.vapi_outcome;
begin
    select * into v_row from private.webhook_inbox w where w.id = p_id for update;
    if not found then
        perform private.fail('webhook_not_found');
    end if;
    if v_row.state in ('processed', 'discarded') then
        return v_row.state;
    end if;

    case v_row.provider
        when 'vapi' then
            v_outcome := private.process_vapi_event(v_row, p_now);
            v_org_id := v_outcome.org_id;
            -- What was said is in the call's record, as much of it as may be kept; here it would stand unredacted.
            v_event := '{}';
        when 'twilio' then
            v_org_id := private.process_twilio_sms(convert_from(v_row.body, 'UTF8')::jsonb, p_now);
            -- What was written is in the organisation's messages, and goes with them.
            v_event := '{}';
        when 'resend' then
            v_event := convert_from(v_row.body, 'UTF8')::jsonb;
            v_org_id := private.process_resend_event(v_event, p_now);
        when 'stripe' then
            v_event := convert_from(v_row.body, 'UTF8')::jsonb;
            v_verdict := private.process_stripe_event(v_event, p_now);
            if v_verdict.status = 'failed' then
                return private.stripe_webhook_failed(v_row, v_verdict, p_now);
            end if;
            v_org_id := v_verdict.org_id;
        else raise exception 'Nothing processes webhooks of %.', v_row.provider using errcode = 'XX000';
    end case;

    insert into public.processed_webhook_events (event_id, event_type, event_data, org_id, processed_at)
    values (v_row.event_id, coalesce(v_row.event_type, v_row.provider), v_event, v_org_id, p_now)
    on conflict (event_id) do update
    set event_data = excluded.event_data, org_id = excluded.org_id, processed_at = excluded.processed_at;

    update private.webhook_inbox w
    set state = 'processed', org_id = v_org_id, finished_at = p_now, attempts = w.attempts + 1, last_error = null,
        answer = v_outcome.answer
    where w.id = p_id;
    return 'processed';
end
$$;

revoke execute on function private.process_webhook(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.process_webhook(uuid, timestamptz) to service_role;
