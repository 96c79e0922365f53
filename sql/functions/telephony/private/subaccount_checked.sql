-- What Twilio let the organisation's subaccount do: all it wants, or nothing (p_said is why). One that was given up for another
-- meanwhile, or was heard of since, learns nothing.
--
-- Whether it is suspended or its token is another one, it is we who mend it: an operator and open screens hear of it when it
-- breaks, not in each night that it stays so.
--
-- Locks: the subaccount, the alert.
create or replace function private.subaccount_checked(
    p_org_id uuid, p_subaccount_sid text, p_works boolean, p_said text, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_old private.twilio_subaccounts;
begin
    select * into v_old from private.twilio_subaccounts s
    where s.org_id = p_org_id and s.subaccount_sid = p_subaccount_sid and s.status <> 'closed' and s.updated_at <= p_now
    for update;
    if not found then
        return;
    end if;
    update private.twilio_subaccounts s set status = case when p_works then 'active' else 'suspended' end, updated_at = p_now
    where s.org_id = p_org_id;
    if p_works = (v_old.status = 'active') then
        return;
    end if;
    perform private.emit_event(p_org_id, 'integration.changed', jsonb_build_object(
        'provider', 'twilio', 'status', case when p_works then 'connected' else 'error' end));
    if not p_works then
        perform private.alert(
            p_org_id, 'subaccount_inactive',
            format('Subaccount %s does nothing any more, its numbers are dead. Twilio says: %s', p_subaccount_sid, p_said), p_now);
    end if;
end
$$;

revoke execute on function private.subaccount_checked(uuid, text, boolean, text, timestamptz)
    from public, anon, authenticated, service_role;
