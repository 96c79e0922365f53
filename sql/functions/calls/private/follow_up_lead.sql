-- What a call makes of its contact: a state, a score, a lead; and who is hot is told at once. Better word of the same call
-- begins from the state before the call, unless somebody has changed it since.
--
-- Locks: the contact and the call's record, which the caller holds; then enqueues.
create or replace function private.follow_up_lead(
    p_call public.calls, p_record private.call_records, p_services public.services[], p_connected boolean,
    p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_record private.call_records := p_record;
    v_status text;
    v_score integer;
begin
    select c.lead_status into v_status from public.contacts c
    where c.org_id = p_call.org_id and c.id = p_call.contact_id;
    if found then
        if v_record.status_after is distinct from v_status then
            v_record.status_before := v_status;
        end if;
        v_record.status_after := private.lead_status_after(v_record.status_before, p_call, p_connected);
        update public.contacts c set
            lead_status = v_record.status_after,
            services_interested = private.wishes(c.services_interested, p_services),
            last_contacted_at = case when p_call.call_direction = 'outbound' and p_connected
                                     then greatest(c.last_contacted_at, p_call.started_at) else c.last_contacted_at end,
            updated_at = p_now
        where c.org_id = p_call.org_id and c.id = p_call.contact_id;
        v_score := private.score_contact(p_call.org_id, p_call.contact_id, p_now);
    end if;
    update private.call_records r set
        rank = v_record.rank, ended_at = v_record.ended_at, seconds = v_record.seconds, body_hash = v_record.body_hash,
        parts = v_record.parts, named_contact = v_record.named_contact,
        status_before = v_record.status_before, status_after = v_record.status_after
    where r.org_id = p_call.org_id and r.call_id = p_call.id;
    if p_call.contact_id is not null then
        perform private.keep_lead(p_call, v_score, p_connected, p_now);
        if v_score >= 70 and p_connected then
            perform private.hot_lead(p_call, v_score, p_now);
        end if;
    end if;
end
$$;

revoke execute on function private.follow_up_lead(
    public.calls, private.call_records, public.services[], boolean, timestamptz)
    from public, anon, authenticated, service_role;
