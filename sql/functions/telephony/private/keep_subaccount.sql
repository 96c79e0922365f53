-- Keeps the organisation's subaccount and its sealed token: the next steps act with it, and the next number is bought in it.
--
-- Another one than before replaces it only where nothing is left in that: with its token gone, what it has could never be given
-- back. Turns the saga back with twilio_account_inactive. Locks: the subaccount.
create or replace function private.keep_subaccount(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sid constant text := p_result ->> 'subaccount_sid';
begin
    insert into private.twilio_subaccounts as s (org_id, subaccount_sid, encrypted_token, key_version, created_at, updated_at)
    values (p_saga.org_id, v_sid, decode(p_result ->> 'sealed', 'base64'), (p_result ->> 'key_version')::integer, p_now, p_now)
    on conflict (org_id) do update set
        subaccount_sid = excluded.subaccount_sid, encrypted_token = excluded.encrypted_token,
        key_version = excluded.key_version, status = 'active', updated_at = p_now
    where s.subaccount_sid = excluded.subaccount_sid or s.status = 'closed' or not private.subaccount_is_used(s);
    if not found then
        return '{"refused": "twilio_account_inactive"}'::jsonb;
    end if;
    perform private.own_outside('twilio_account', v_sid, p_saga.org_id);
    return jsonb_build_object('account', row(p_saga.org_id, v_sid, 'subaccount')::private.telephony_account);
end
$$;

revoke execute on function private.keep_subaccount(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
