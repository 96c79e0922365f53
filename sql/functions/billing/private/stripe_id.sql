-- The id of what a field of Stripe's names: the field holds the id itself, or the whole object when it was expanded.
create or replace function private.stripe_id(p_value jsonb)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case jsonb_typeof(p_value) when 'string' then p_value #>> '{}' when 'object' then p_value ->> 'id' end;
$$;

revoke execute on function private.stripe_id(jsonb) from public, anon, authenticated, service_role;
