-- Tells a clinic, once a call, of a caller worth ringing back at once: a text message to its phone, or where none can be sent
-- an email to its admins; and its open screens.
--
-- Locks: enqueues, so last.
create or replace function private.hot_lead(p_call public.calls, p_score integer, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reason constant text := format(
        'Score %s, %s urgency%s.', p_score, coalesce(p_call.sentiment_urgency, 'low'),
        case when p_call.financial_value_pence > 0
             then format(', worth %s', private.pounds(p_call.financial_value_pence)) end);
    v_text constant text := format(
        'Hot lead: %s, %s. %s', coalesce(p_call.caller_name, 'a caller'), p_call.phone_number, v_reason);
    v_phone text;
    v_alert_id uuid;
    v_message_id uuid;
begin
    insert into public.hot_lead_alerts as a (org_id, contact_id, call_id, score, reason, created_at)
    values (p_call.org_id, p_call.contact_id, p_call.id, p_score, v_reason, p_now)
    on conflict on constraint hot_lead_alerts_once_a_call do nothing
    returning a.id into v_alert_id;
    if not found then
        return;
    end if;

    select o.phone into v_phone from public.organizations o where o.id = p_call.org_id;
    v_message_id := private.try_sms(p_call.org_id, p_call.contact_id, p_call.id, v_phone, v_text, 'hot_lead', p_now);
    if v_message_id is null then
        perform private.email_admins(
            p_call.org_id, 'hot_lead', jsonb_build_object(
                'caller', coalesce(p_call.caller_name, 'A caller'), 'phone', p_call.phone_number, 'reason', v_reason),
            'hot_lead:' || p_call.id);
    end if;
    update public.hot_lead_alerts a set sms_message_id = v_message_id
    where a.org_id = p_call.org_id and a.id = v_alert_id and v_message_id is not null;
    perform private.emit_event(p_call.org_id, 'lead.hot', jsonb_build_object(
        'call_id', p_call.id, 'contact_id', p_call.contact_id, 'score', p_score));
end
$$;

revoke execute on function private.hot_lead(public.calls, integer, timestamptz)
    from public, anon, authenticated, service_role;
