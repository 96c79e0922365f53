-- Every hour: has each connected Twilio account tried once a day, at an organisation's own moment of the hour.
--
-- Broken ones too: an account that was suspended may be paid for again. One that could not be tried is due again in the
-- next hour.
create or replace function private.check_twilio_accounts(p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_credential private.org_credentials;
    v_key text;
    v_count integer := 0;
begin
    for v_credential in
        select c.*
        from private.org_credentials c
        join public.organizations o on o.id = c.org_id and o.suspended_at is null
        join public.integrations i on i.org_id = c.org_id and i.provider = 'twilio'
        where c.provider = 'twilio' and c.type = 'default' and c.is_active
          and i.last_checked_at <= p_now - interval '23 hours'
        order by c.org_id
    loop
        v_key := 'twilio.check_account:' || v_credential.org_id;
        continue when exists (select from private.effects e where e.queue_key = v_key);
        perform private.enqueue_effect(
            p_org_id => v_credential.org_id,
            p_kind => 'twilio.check_account',
            p_payload => jsonb_build_object(
                'org_id', v_credential.org_id, 'credential_id', v_credential.id, 'phone_number', v_credential.phone_number,
                'account', row(v_credential.org_id, v_credential.account_sid, 'default')::private.telephony_account),
            p_queue_key => v_key,
            p_run_at => p_now + mod(abs(hashtext(v_credential.org_id::text)::bigint), 3600) * interval '1 second');
        v_count := v_count + 1;
    end loop;
    return format('%s Twilio accounts to try', v_count);
end
$$;

revoke execute on function private.check_twilio_accounts(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.check_twilio_accounts(timestamptz) to service_role;
