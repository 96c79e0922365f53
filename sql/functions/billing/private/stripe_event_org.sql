-- Whose an object of Stripe's is: the directory knows its customer, its payment intent or its checkout session.
--
-- Metadata and client_reference_id come back as they were sent, so they prove nothing; but one that names another
-- organisation than the directory means that something is badly wrong. An object nobody knows may be known later: its
-- event can overtake the answer that made it.
create or replace function private.stripe_event_org(p_object jsonb)
returns private.webhook_verdict
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_orgs uuid[];
begin
    select array_agg(distinct d.org_id) into v_orgs
    from (values
        ('stripe_customer', private.stripe_id(p_object -> 'customer')),
        ('stripe_customer', case when p_object ->> 'object' = 'customer' then p_object ->> 'id' end),
        ('stripe_payment_intent', private.stripe_payment_of(p_object)),
        ('stripe_checkout_session', case when p_object ->> 'object' = 'checkout.session' then p_object ->> 'id' end)
    ) as k (kind, key)
    join private.directory d on d.kind = k.kind and d.key = k.key;

    if v_orgs is null then
        return private.webhook_failed('Nobody here knows its customer or its payment.', p_try_again => true);
    elsif cardinality(v_orgs) > 1 then
        return private.webhook_failed('Its customer and its payment belong to different organisations.');
    elsif p_object #>> '{metadata,org_id}' <> v_orgs[1]::text or p_object ->> 'client_reference_id' <> v_orgs[1]::text then
        return private.webhook_failed('Its metadata names another organisation than its customer or payment.', v_orgs[1]);
    end if;
    return (v_orgs[1], 'processed', null, false)::private.webhook_verdict;
end
$$;

revoke execute on function private.stripe_event_org(jsonb) from public, anon, authenticated, service_role;
