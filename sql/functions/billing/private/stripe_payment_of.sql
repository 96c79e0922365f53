-- The payment intent an object of Stripe's belongs to, or is.
create or replace function private.stripe_payment_of(p_object jsonb)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case when p_object ->> 'object' = 'payment_intent' then p_object ->> 'id'
                else private.stripe_id(p_object -> 'payment_intent') end;
$$;

revoke execute on function private.stripe_payment_of(jsonb) from public, anon, authenticated, service_role;
