-- Whoever has a number wants no text messages any more (STOP), or wants them again (START). One that is no contact yet becomes
-- one: what was asked for is kept. What waits to be sent to it is taken back.
--
-- Locks: the contact, the messages; then their effects.
create or replace function private.set_sms_opt_out(p_org_id uuid, p_phone text, p_opted_out boolean, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_waiting record;
begin
    insert into public.contacts as c (org_id, phone, sms_opt_out, created_at, updated_at)
    values (p_org_id, p_phone, p_opted_out, p_now, p_now)
    on conflict (org_id, phone) do update set sms_opt_out = excluded.sms_opt_out, updated_at = p_now
    where c.sms_opt_out <> excluded.sms_opt_out;
    if not p_opted_out then
        return;
    end if;
    for v_waiting in
        select e.id, (e.payload ->> 'message_id')::uuid as message_id
        from private.effects e
        where e.org_id = p_org_id and e.kind = 'twilio.send_sms' and e.state <> 'running' and e.payload ->> 'to' = p_phone
        order by 2
    loop
        perform from public.messages m where m.org_id = p_org_id and m.id = v_waiting.message_id for update;
        if private.cancel_effect(v_waiting.id, p_now) then
            update public.messages m set status = 'failed', error_code = 'sms_opted_out'
            where m.org_id = p_org_id and m.id = v_waiting.message_id;
        end if;
    end loop;
end
$$;

revoke execute on function private.set_sms_opt_out(uuid, text, boolean, timestamptz)
    from public, anon, authenticated, service_role;
