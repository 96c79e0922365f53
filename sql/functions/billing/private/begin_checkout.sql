-- Puts a checkout on record and orders its page from Stripe; the same key answers the first one and orders nothing.
--
-- The amount and the path are the caller's to check. Stripe fills in the session's id where the address has
-- {CHECKOUT_SESSION_ID}. Locks: the organisation's key (its rows reference it); then enqueues.
create or replace function private.begin_checkout(
    p_org_id uuid, p_amount_pence bigint, p_origin text, p_return_path text, p_idempotency_key text, p_created_by uuid,
    p_now timestamptz default now()
)
returns public.wallet_topups
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_topup public.wallet_topups;
    v_page text;
    v_organization public.organizations;
    v_effect_id uuid;
begin
    insert into public.wallet_topups as t (
        org_id, amount_pence, origin, return_path, idempotency_key, created_by, created_at, updated_at)
    values (p_org_id, p_amount_pence, p_origin, p_return_path, p_idempotency_key, p_created_by, p_now, p_now)
    on conflict (org_id, idempotency_key) do nothing
    returning t.* into v_topup;
    if v_topup.id is null then
        select * into strict v_topup from public.wallet_topups t
        where t.org_id = p_org_id and t.idempotency_key = p_idempotency_key;
        return v_topup;
    end if;

    select s.app_url || p_return_path into strict v_page from private.email_settings s;
    select * into strict v_organization from public.organizations o where o.id = p_org_id;
    v_effect_id := private.enqueue_effect(
        p_org_id => p_org_id,
        p_kind => 'stripe.checkout',
        p_payload => jsonb_build_object(
            'org_id', p_org_id, 'topup_id', v_topup.id, 'amount_pence', p_amount_pence, 'currency', 'gbp',
            'customer', v_organization.stripe_customer_id, 'email', v_organization.email,
            'organization_name', v_organization.name,
            'success_url', v_page || '?topup=success&session_id={CHECKOUT_SESSION_ID}',
            'cancel_url', v_page || '?topup=cancelled'),
        p_run_at => p_now);
    update public.wallet_topups t set effect_id = v_effect_id
    where t.org_id = p_org_id and t.id = v_topup.id
    returning t.* into v_topup;
    return v_topup;
end
$$;

revoke execute on function private.begin_checkout(uuid, bigint, text, text, text, uuid, timestamptz)
    from public, anon, authenticated, service_role;
