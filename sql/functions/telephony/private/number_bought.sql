-- Writes down which number it became, from when on it can be named to whoever asks. Locks: the number.
create or replace function private.number_bought(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.managed_phone_numbers n set
        phone_number = p_result ->> 'phone_number', twilio_sid = p_result ->> 'twilio_sid',
        subaccount_sid = p_saga.facts #>> '{account,sid}', updated_at = p_now
    where n.org_id = p_saga.org_id and n.id = p_saga.subject_id;
    return '{}'::jsonb;
end
$$;

revoke execute on function private.number_bought(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
