-- Twilio knows the keys, and the number is the account's: the account is the organisation's from now on, until it is
-- disconnected (private.give_up_own_account()).
--
-- Only now: whoever merely names an account proves nothing, and learns nothing about whose it is. Turns the saga back with
-- twilio_account_taken or number_taken. Locks: the account's key in the directory.
create or replace function private.own_account_validated(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_number constant text := p_saga.facts ->> 'phone_number';
begin
    if not private.claim_outside('twilio_account', p_saga.facts #>> '{account,sid}', p_saga.org_id) then
        return '{"refused": "twilio_account_taken"}'::jsonb;
    elsif exists (select from public.phone_number_mapping m where m.phone_number = v_number and m.org_id <> p_saga.org_id)
          or exists (select from private.org_credentials c
                     where c.phone_number = v_number and c.org_id <> p_saga.org_id and c.is_active) then
        return '{"refused": "number_taken"}'::jsonb;
    end if;
    return '{}'::jsonb;
end
$$;

revoke execute on function private.own_account_validated(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
