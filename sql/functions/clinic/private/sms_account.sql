-- Which account an organisation uses a SID of Twilio's for, by what the directory knows: its token is what messages from there
-- are signed with. NULL for one that is nobody's.
create or replace function private.sms_account(p_account_sid text)
returns private.telephony_account
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select row(d.org_id, p_account_sid, a.type)::private.telephony_account
    from private.directory d
    cross join lateral (
        select 'subaccount' as type from private.twilio_subaccounts s
        where s.org_id = d.org_id and s.subaccount_sid = p_account_sid
        union all
        select 'default' from private.org_credentials c
        where c.org_id = d.org_id and c.provider = 'twilio' and c.type = 'default' and c.account_sid = p_account_sid
          and c.encrypted_config is not null
    ) as a
    where d.kind = 'twilio_account' and d.key = p_account_sid
    limit 1;
$$;

revoke execute on function private.sms_account(text) from public, anon, authenticated, service_role;
grant execute on function private.sms_account(text) to service_role;
