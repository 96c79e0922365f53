-- The work of public.available_numbers().
--
-- Raises 404 operation_not_found, 502 provider_refused, and what private.authorize() raises.
create or replace function private.available_numbers(p_operation_id uuid, p_now timestamptz default now())
returns public.country_offer
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.available_numbers');
    v_search private.effects_done;
    v_country private.telephony_countries;
begin
    select * into v_search from private.effects_done d
    where d.id = p_operation_id and d.org_id = v_caller.org_id and d.kind = 'twilio.search_numbers';
    if not found then
        perform private.fail('operation_not_found');
    elsif v_search.outcome <> 'done' then
        perform private.fail('provider_refused');
    end if;
    select * into v_country from private.telephony_countries c where c.country_code = v_search.payload ->> 'country_code';
    return row(
        v_country.country_code, v_country.name, private.asset_price('managed_number', p_now), false,
        v_country.requirements, private.country_refusal(v_country.country_code) is null,
        array(select jsonb_populate_record(null::public.available_number, n)
              from jsonb_array_elements(v_search.result -> 'numbers') n))::public.country_offer;
end
$$;

revoke execute on function private.available_numbers(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.available_numbers(uuid, timestamptz) to authenticated;
