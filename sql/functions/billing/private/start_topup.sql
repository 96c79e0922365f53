-- The work of public.start_topup(). Locks: those of private.begin_checkout().
--
-- Raises 422 amount_out_of_range, 422 return_url_not_allowed, 422 idempotency_key_reused, 400 idempotency_key_invalid, and
-- what private.authorize() raises.
create or replace function private.start_topup(
    p_amount_pence bigint, p_return_url text, p_idempotency_key text, p_now timestamptz default now())
returns public.operation
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.start_topup');
    v_path text;
    v_topup public.wallet_topups;
begin
    perform private.check_topup_amount(p_amount_pence);
    v_path := private.return_path(p_return_url);
    if p_idempotency_key !~ '^[\x20-\x7e]{1,255}$' then
        perform private.fail('idempotency_key_invalid');
    end if;

    v_topup := private.begin_checkout(
        v_caller.org_id, p_amount_pence, 'checkout', v_path, 'topup:' || coalesce(p_idempotency_key, gen_random_uuid()::text),
        v_caller.user_id, p_now);
    if v_topup.amount_pence <> p_amount_pence or v_topup.return_path <> v_path then
        perform private.fail('idempotency_key_reused');
    end if;
    return private.topup_operation(v_topup);
end
$$;

revoke execute on function private.start_topup(bigint, text, text, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.start_topup(bigint, text, text, timestamptz) to authenticated;
