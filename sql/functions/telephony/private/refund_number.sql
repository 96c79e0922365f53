-- What was paid for a number that could not be had goes back, once. Locks: the wallet, then the number.
create or replace function private.refund_number(p_saga private.sagas, p_result jsonb, p_now timestamptz)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_number public.managed_phone_numbers;
begin
    update public.managed_phone_numbers n set status = 'failed', updated_at = p_now
    where n.org_id = p_saga.org_id and n.id = p_saga.subject_id and n.status <> 'failed'
    returning n.* into v_number;
    if found and v_number.price_pence > 0 then
        perform private.add_credits(
            p_org_id => p_saga.org_id, p_amount_pence => v_number.price_pence, p_type => 'refund',
            p_idempotency_key => 'managed_number_refund:' || p_saga.subject_id,
            p_description => 'Phone number that could not be had', p_now => p_now);
    end if;
    return '{}'::jsonb;
end
$$;

revoke execute on function private.refund_number(private.sagas, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
