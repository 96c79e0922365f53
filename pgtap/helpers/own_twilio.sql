-- Has an organisation bring its own Twilio account, with a number that rings and perhaps one that only calls.
create or replace function tests.own_twilio(p_org uuid, p_inbound text default '+442071230009', p_outbound text default null)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    update public.organizations set telephony_mode = 'byoc' where id = p_org;
    insert into private.org_credentials (org_id, provider, type, encrypted_config, key_version, account_sid, phone_number, is_active)
    values (p_org, 'twilio', 'default', decode(repeat('ab', 40), 'hex'), 1, 'AC' || md5(p_org::text), p_inbound, true);
    insert into private.org_credentials (org_id, provider, type, phone_number, is_active)
    select p_org, 'twilio', 'outbound', p_outbound, true where p_outbound is not null;
    insert into public.phone_number_mapping (phone_number, org_id) select p_inbound, p_org where p_inbound is not null;
$$;
