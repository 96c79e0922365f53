-- The work of public.search_numbers(). A country whose papers are missing is shown all the same: what it asks for stands beside.
--
-- Raises 422 country_unsupported, 422 area_code_invalid, 422 number_pattern_invalid, and what private.authorize() raises.
create or replace function private.search_numbers(
    p_country text, p_area_code text, p_contains text, p_now timestamptz default now()
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.search_numbers');
    v_refusal constant text := nullif(private.country_refusal(p_country), 'country_requirements_unmet');
    v_country private.telephony_countries;
    v_effect_id uuid;
begin
    if p_area_code !~ '^0?[1-9]\d{0,4}$' then
        perform private.fail('area_code_invalid');
    elsif p_contains !~ '^[0-9*]{2,16}$' then
        perform private.fail('number_pattern_invalid');
    end if;
    perform private.note_country(v_caller.org_id, v_caller.user_id, p_country, 'search', v_refusal);
    if v_refusal is not null then
        return private.refuse_country(v_refusal, p_country);
    end if;

    select * into v_country from private.telephony_countries c where c.country_code = p_country;
    v_effect_id := private.enqueue_effect(
        p_org_id => v_caller.org_id,
        p_kind => 'twilio.search_numbers',
        p_payload => jsonb_strip_nulls(jsonb_build_object(
            'country_code', p_country, 'calling_code', v_country.calling_code, 'number_type', v_country.number_type,
            'area_code', ltrim(p_area_code, '0'), 'contains', p_contains, 'limit', 20)),
        p_run_at => p_now);
    return to_jsonb(row(v_effect_id, 'twilio.search_numbers', 'queued', null, p_now, null)::public.operation);
end
$$;

revoke execute on function private.search_numbers(text, text, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.search_numbers(text, text, text, timestamptz) to authenticated;
