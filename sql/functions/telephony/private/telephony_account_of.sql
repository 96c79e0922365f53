-- Whose Twilio account acts for an organisation: its own where it brought one, its subaccount where its numbers are managed;
-- NULL where it has neither. Nothing else decides that. One that is suspended still is the one: what it has is given back with it.
create or replace function private.telephony_account_of(p_org_id uuid)
returns private.telephony_account
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select row(o.id, coalesce(c.account_sid, s.subaccount_sid), case o.telephony_mode when 'byoc' then 'default' else 'subaccount' end)::private.telephony_account
    from public.organizations o
    left join private.org_credentials c
        on o.telephony_mode = 'byoc' and c.org_id = o.id and c.provider = 'twilio' and c.type = 'default' and c.is_active
    left join private.twilio_subaccounts s on o.telephony_mode = 'managed' and s.org_id = o.id and s.status <> 'closed'
    where o.id = p_org_id and coalesce(c.account_sid, s.subaccount_sid) is not null;
$$;

revoke execute on function private.telephony_account_of(uuid) from public, anon, authenticated, service_role;
