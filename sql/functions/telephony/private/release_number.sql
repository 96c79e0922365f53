-- The work of public.release_number(). Locks: the wallet, because every saga does; then what its first step locks.
--
-- Raises 404 number_not_found, 409 number_not_active, and what private.authorize() raises.
create or replace function private.release_number(p_phone_number text, p_now timestamptz default now())
returns public.operation
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.release_number');
    v_number public.managed_phone_numbers;
begin
    perform private.lock_wallet(v_caller.org_id);
    select * into v_number from public.managed_phone_numbers n
    where n.org_id = v_caller.org_id and n.phone_number = p_phone_number
    order by n.status in ('active', 'provisioning') desc, n.created_at desc
    limit 1;
    if not found or v_number.status in ('released', 'failed') then
        perform private.fail('number_not_found');
    elsif v_number.status = 'releasing' then
        return private.saga_operation(s) from private.sagas s
               where s.org_id = v_caller.org_id and s.subject_id = v_number.id and s.saga = 'release_number';
    elsif v_number.status <> 'active' or private.number_is_busy(v_caller.org_id, v_number.id) then
        perform private.fail('number_not_active');
    end if;

    return private.saga_operation(private.begin_saga(
        v_caller.org_id, 'release_number', v_number.id,
        jsonb_build_object(
            'number_id', v_number.id, 'name', 'voxanne:' || v_number.id,
            'phone_number', v_number.phone_number, 'twilio_sid', v_number.twilio_sid,
            'vapi_phone_id', v_number.vapi_phone_id,
            'account', row(v_caller.org_id, v_number.subaccount_sid, 'subaccount')::private.telephony_account),
        v_caller.user_id, p_now));
end
$$;

revoke execute on function private.release_number(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.release_number(text, timestamptz) to authenticated;
