-- The work of public.webhook_verification_session(). The amount is the one that was paid, once it is known.
--
-- Raises 404 checkout_not_found, and what private.authorize() raises.
create or replace function private.webhook_verification_session(p_session_id text)
returns public.checkout_verification
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.webhook_verification_session');
    v_answer public.checkout_verification;
begin
    select t.stripe_session_id, t.status, e.id is not null, coalesce(e.amount_pence, t.amount_pence), e.id, e.created_at
    into v_answer
    from public.wallet_topups t
    left join public.credit_transactions e
        on e.org_id = t.org_id and e.stripe_payment_intent_id = t.stripe_payment_intent_id
    where t.org_id = v_caller.org_id and t.stripe_session_id = p_session_id;
    if not found then
        perform private.fail('checkout_not_found');
    end if;
    return v_answer;
end
$$;

revoke execute on function private.webhook_verification_session(text) from public, anon, authenticated, service_role;
grant execute on function private.webhook_verification_session(text) to authenticated;
