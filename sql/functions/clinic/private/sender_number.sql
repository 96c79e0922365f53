-- The number an organisation's text messages come from: its outbound number, else the inbound one, in the account that acts for
-- it. NULL where it has none.
create or replace function private.sender_number(p_org_id uuid, p_account private.telephony_account)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select c.phone_number
    from private.org_credentials c
    where c.org_id = p_org_id and c.provider = 'twilio' and c.is_active and c.phone_number is not null
      and coalesce(c.account_sid, (p_account).sid) = (p_account).sid
    order by array_position(array['outbound', 'default', 'inbound'], c.type)
    limit 1;
$$;

revoke execute on function private.sender_number(uuid, private.telephony_account)
    from public, anon, authenticated, service_role;
