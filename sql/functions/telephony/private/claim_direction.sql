-- Takes a direction for a number to come: one live number in each, so of two who want it one gets it.
--
-- Locks: the wallet; then the direction's key.
--
-- Raises 409 telephony_own_account, 409 direction_taken.
create or replace function private.claim_direction(p_org_id uuid, p_country text, p_direction text, p_now timestamptz)
returns public.managed_phone_numbers
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_number public.managed_phone_numbers;
begin
    perform private.lock_wallet(p_org_id);
    if exists (select from public.organizations o where o.id = p_org_id and o.telephony_mode = 'byoc')
       or exists (select from private.org_credentials c where c.org_id = p_org_id and c.provider = 'twilio' and c.type = 'default') then
        perform private.fail('telephony_own_account');
    end if;
    insert into public.managed_phone_numbers as n (org_id, country_code, routing_direction, price_pence, created_at, updated_at)
    values (p_org_id, p_country, p_direction, private.asset_price('managed_number', p_now), p_now, p_now)
    on conflict (org_id, routing_direction) where n.status in ('provisioning', 'active') do nothing
    returning n.* into v_number;
    if v_number.id is null then
        perform private.fail('direction_taken');
    end if;
    return v_number;
end
$$;

revoke execute on function private.claim_direction(uuid, text, text, timestamptz)
    from public, anon, authenticated, service_role;
