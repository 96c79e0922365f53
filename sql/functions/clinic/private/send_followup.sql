-- The work of public.send_followup(): one an hour to a person, whichever of their calls it is about. Reminders and replies
-- do not count, nor does one that was never sent.
--
-- Locks: the contact; then enqueues.
--
-- Raises 404 call_not_found, 409 contact_without_phone, 422 followup_invalid, what private.send_sms() and
-- private.authorize() raise. Refuses with 429 followup_limited.
create or replace function private.send_followup(p_call_id uuid, p_message text, p_now timestamptz default now())
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.send_followup');
    v_contact public.contacts;
    v_last timestamptz;
    v_id uuid;
begin
    if coalesce(btrim(p_message), '') = '' or length(p_message) > 160 then
        perform private.fail('followup_invalid');
    end if;
    v_contact := private.called_person(v_caller.org_id, p_call_id, p_now);
    select max(m.created_at) into v_last from public.messages m
    where m.org_id = v_caller.org_id and m.contact_id = v_contact.id and m.created_at > p_now - interval '1 hour'
      and m.direction = 'out' and m.purpose = 'followup' and m.status <> 'failed';
    if v_last is not null then
        return private.refuse(
            'followup_limited', p_retry_after_seconds => extract(epoch from v_last + interval '1 hour' - p_now));
    end if;

    update public.contacts c set last_contacted_at = p_now, updated_at = p_now
    where c.org_id = v_caller.org_id and c.id = v_contact.id;
    v_id := private.send_sms(
        v_caller.org_id, v_contact.id, p_call_id, v_contact.phone, p_message, 'followup', p_now);
    return to_jsonb((true, v_id, v_contact.phone)::public.sent_followup);
end
$$;

revoke execute on function private.send_followup(uuid, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.send_followup(uuid, text, timestamptz) to authenticated;
