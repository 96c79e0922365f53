-- The work of public.topup_session(): definer, because an API key that may top up need not be one that reads the wallet.
--
-- Raises 404 operation_not_found, 502 checkout_failed, and what private.authorize() raises.
create or replace function private.topup_session(p_operation_id uuid)
returns public.checkout_session
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.topup_session');
    v_topup public.wallet_topups;
begin
    select * into v_topup from public.wallet_topups t where t.org_id = v_caller.org_id and t.effect_id = p_operation_id;
    if not found then
        perform private.fail('operation_not_found');
    elsif v_topup.status = 'failed' and v_topup.url is null then
        perform private.fail('checkout_failed');
    end if;
    return (v_topup.url, v_topup.stripe_session_id)::public.checkout_session;
end
$$;

revoke execute on function private.topup_session(uuid) from public, anon, authenticated, service_role;
grant execute on function private.topup_session(uuid) to authenticated;
