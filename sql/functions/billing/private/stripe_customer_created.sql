-- A customer was made at Stripe. It is an organisation's when its metadata names one that has none yet: we wrote that.
--
-- Locks: the wallet, the organisation; then the directory.
create or replace function private.stripe_customer_created(p_customer jsonb, p_now timestamptz)
returns private.webhook_verdict
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id constant text := p_customer ->> 'id';
    v_org_id constant uuid := private.uuid_or_null(p_customer #>> '{metadata,org_id}');
    v_organization public.organizations;
begin
    perform from public.credit_wallets w where w.org_id = v_org_id for update;
    select * into v_organization from public.organizations o where o.id = v_org_id for update;
    if not found then
        return private.webhook_failed('Its metadata names no organisation of ours.');
    elsif v_organization.stripe_customer_id <> v_id then
        return private.webhook_failed('The organisation has another customer.', v_organization.id);
    elsif not private.claim_stripe_object('stripe_customer', v_id, v_organization.id) then
        return private.webhook_failed('The customer belongs to another organisation.', v_organization.id);
    end if;

    update public.organizations o set stripe_customer_id = v_id, updated_at = p_now
    where o.id = v_organization.id and o.stripe_customer_id is null;
    return (v_organization.id, 'processed', null, false)::private.webhook_verdict;
end
$$;

revoke execute on function private.stripe_customer_created(jsonb, timestamptz)
    from public, anon, authenticated, service_role;
