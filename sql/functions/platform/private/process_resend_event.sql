-- Takes Resend's word about an email, in whatever order it comes, and answers the organisation it belongs to.
--
-- The email is found by Resend's id, or by the tags it was sent with when the event overtakes the answer that carries
-- the id. An event about an email that is not ours, or of a type that says nothing about its way, changes nothing. A
-- permanent bounce, a complaint and Resend's own suppression stop further emails to the address.
create or replace function private.process_resend_event(p_event jsonb, p_now timestamptz default now())
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_uuid constant text := '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
    v_status text;
    v_resend_id text := p_event #>> '{data,email_id}';
    v_org_id uuid;
    v_email private.emails;
begin
    v_status := case p_event ->> 'type'
        when 'email.sent' then 'sent'
        when 'email.delivered' then 'delivered'
        when 'email.bounced' then 'bounced'
        when 'email.complained' then 'complained'
        when 'email.failed' then 'failed'
        when 'email.suppressed' then 'suppressed'
    end;

    select d.org_id into v_org_id from private.directory d where d.kind = 'resend_email' and d.key = v_resend_id;
    if found then
        select * into v_email from private.emails e
        where e.org_id = v_org_id and e.resend_email_id = v_resend_id
        for update;
    elsif p_event #>> '{data,tags,org_id}' ~ v_uuid and p_event #>> '{data,tags,email_id}' ~ v_uuid then
        select * into v_email from private.emails e
        where e.org_id = (p_event #>> '{data,tags,org_id}')::uuid and e.id = (p_event #>> '{data,tags,email_id}')::uuid
        for update;
        if v_email.id is not null and v_resend_id <> '' then
            perform private.email_accepted(v_email.org_id, v_email.id, v_resend_id);
        end if;
    end if;

    if v_email.id is null or v_status is null then
        return v_email.org_id;
    end if;

    update private.emails e
    set status = v_status,
        status_reason = left(coalesce(
            p_event #>> '{data,bounce,message}', p_event #>> '{data,failed,reason}',
            p_event #>> '{data,suppressed,reason}'), 500),
        updated_at = p_now
    where e.org_id = v_email.org_id and e.id = v_email.id
      and private.email_rank(e.status) < private.email_rank(v_status);

    if v_status in ('complained', 'suppressed')
        or (v_status = 'bounced' and p_event #>> '{data,bounce,type}' = 'Permanent') then
        insert into private.email_suppressions (org_id, address, reason)
        values (v_email.org_id, lower(v_email.recipient), v_status)
        on conflict (org_id, address) do nothing;
    end if;
    return v_email.org_id;
end
$$;

revoke execute on function private.process_resend_event(jsonb, timestamptz) from public, anon, authenticated, service_role;
