-- The work of public.provision_number(): the direction is claimed and paid for here and now, the rest is the saga's.
--
-- Locks: the wallet; then the direction's key.
--
-- Raises 400 phone_number_invalid, 422 premium_number, 422 direction_invalid, 422 area_code_invalid, 422 number_of_another_country,
-- 422 country_unsupported, 409 country_requirements_unmet, 409 telephony_own_account, 409 direction_taken, 409 number_taken,
-- 402 insufficient_balance, 402 wallet_suspended, and what private.authorize() raises.
create or replace function private.provision_number(
    p_country text, p_direction text, p_phone_number text, p_area_code text, p_now timestamptz default now()
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.provision_number');
    v_refusal constant text := private.country_refusal(p_country);
    v_country private.telephony_countries;
    v_number public.managed_phone_numbers;
begin
    perform private.check_number_wish(p_country, p_direction, p_phone_number, p_area_code);
    perform private.note_country(v_caller.org_id, v_caller.user_id, p_country, 'provision', v_refusal);
    if v_refusal is not null then
        return private.refuse_country(v_refusal, p_country);
    end if;

    select * into v_country from private.telephony_countries c where c.country_code = p_country;
    v_number := private.claim_direction(v_caller.org_id, p_country, p_direction, p_now);
    perform private.check_number_is_new(v_caller.org_id, p_phone_number);
    return to_jsonb(private.saga_operation(private.begin_saga(
        v_caller.org_id, 'provision_number', v_number.id,
        jsonb_strip_nulls(jsonb_build_object(
            'number_id', v_number.id, 'name', 'voxanne:' || v_number.id,
            'subaccount_name', 'voxanne:' || v_caller.org_id,
            'routing_direction', p_direction, 'country_code', p_country, 'calling_code', v_country.calling_code,
            'number_type', v_country.number_type, 'phone_number', p_phone_number, 'area_code', ltrim(p_area_code, '0'),
            'bundle_sid', v_country.bundle_sid, 'address_sid', v_country.address_sid)),
        v_caller.user_id, p_now)));
end
$$;

revoke execute on function private.provision_number(text, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.provision_number(text, text, text, text, timestamptz) to authenticated;
