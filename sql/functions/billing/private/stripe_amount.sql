-- An amount of Stripe's in its smallest unit; NULL when it is none: Stripe knows whole numbers of at most eight digits.
create or replace function private.stripe_amount(p_value jsonb)
returns bigint
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case when jsonb_typeof(p_value) = 'number' and p_value #>> '{}' ~ '^[0-9]{1,8}$' then (p_value #>> '{}')::bigint end;
$$;

revoke execute on function private.stripe_amount(jsonb) from public, anon, authenticated, service_role;
