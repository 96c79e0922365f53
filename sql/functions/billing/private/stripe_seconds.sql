-- A time of Stripe's, in seconds since 1970; NULL when it is none.
create or replace function private.stripe_seconds(p_value jsonb)
returns bigint
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case when jsonb_typeof(p_value) = 'number' and p_value #>> '{}' ~ '^[0-9]{1,11}$' then (p_value #>> '{}')::bigint end;
$$;

revoke execute on function private.stripe_seconds(jsonb) from public, anon, authenticated, service_role;
