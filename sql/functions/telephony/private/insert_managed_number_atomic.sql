-- Writes a managed number everywhere it is looked for, or nowhere: the numbers, the credentials that drop-downs read, and for
-- inbound the mapping that calls are found by; for outbound the agents that call with it. Each direction has its own row of
-- credentials, the second number like the first; its secret is the subaccount's. An organisation without telephony has it
-- managed from now on.
--
-- p_number_id names the row that claimed the direction; without it one is made.
--
-- Locks: the number, its credentials, the mapping, the agents, the organisation.
--
-- Raises 409 number_taken.
create or replace function private.insert_managed_number_atomic(
    p_org_id uuid, p_phone_number text, p_routing_direction text, p_country_code text, p_twilio_sid text,
    p_subaccount_sid text, p_vapi_phone_id text, p_number_id uuid default null, p_now timestamptz default now()
)
returns public.managed_phone_numbers
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_number public.managed_phone_numbers;
begin
    insert into public.managed_phone_numbers as n (
        org_id, id, phone_number, country_code, routing_direction, twilio_sid, subaccount_sid, vapi_phone_id, status,
        price_pence, created_at, updated_at)
    values (
        p_org_id, coalesce(p_number_id, gen_random_uuid()), p_phone_number, p_country_code, p_routing_direction,
        p_twilio_sid, p_subaccount_sid, p_vapi_phone_id, 'active', private.asset_price('managed_number', p_now), p_now, p_now)
    on conflict (org_id, id) do update set
        phone_number = excluded.phone_number, twilio_sid = excluded.twilio_sid, subaccount_sid = excluded.subaccount_sid,
        vapi_phone_id = excluded.vapi_phone_id, status = 'active', updated_at = p_now
    returning n.* into v_number;

    insert into private.org_credentials (
        org_id, provider, type, account_sid, vapi_phone_id, phone_number, is_active, last_verified_at, created_at, updated_at)
    values (
        p_org_id, 'twilio', p_routing_direction, p_subaccount_sid, p_vapi_phone_id, p_phone_number, true, p_now, p_now, p_now);

    perform private.link_number(p_org_id, p_phone_number, p_routing_direction, p_vapi_phone_id, p_now);
    update public.organizations o set telephony_mode = 'managed', updated_at = p_now
    where o.id = p_org_id and o.telephony_mode = 'none';
    return v_number;
end
$$;

revoke execute on function private.insert_managed_number_atomic(uuid, text, text, text, text, text, text, uuid, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.insert_managed_number_atomic(uuid, text, text, text, text, text, text, uuid, timestamptz) to service_role;
