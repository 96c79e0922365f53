-- The number an agent calls with: its own, else the organisation's for calling out, else one of the organisation's phones
-- elsewhere that Twilio let us show; for a test, else the number that rings. NULLs when there is none.
--
-- A number at Vapi has an id there. Another one is shown through the account that it was verified in, and is never one that
-- rings for another organisation here.
create or replace function private.calling_line(
    p_org_id uuid, p_agent public.agents, p_purpose text, out number text, out vapi_phone_id text,
    out account private.telephony_account
)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select l.number, l.vapi_phone_id, l.account
    from (
        select case when c.vapi_phone_id = p_agent.vapi_phone_number_id then 1
                    when c.type in ('outbound', 'default') then 2 else 4 end as place,
               c.phone_number as number, c.vapi_phone_id, null::private.telephony_account as account
        from private.org_credentials c
        where c.org_id = p_org_id and c.provider = 'twilio' and c.is_active and c.phone_number is not null
          and c.vapi_phone_id is not null
          and (c.type <> 'inbound' or c.vapi_phone_id = p_agent.vapi_phone_number_id or p_purpose = 'test')
        union all
        select 3, v.phone_number, null, private.telephony_account_of(p_org_id)
        from public.verified_caller_ids v
        where v.org_id = p_org_id and v.status = 'verified'
          and (private.telephony_account_of(p_org_id)).sid is not null
          and not exists (select from public.phone_number_mapping m where m.phone_number = v.phone_number)
    ) as l
    order by l.place, l.number
    limit 1;
$$;

revoke execute on function private.calling_line(uuid, public.agents, text) from public, anon, authenticated, service_role;
