-- How long to wait after the p_attempts-th failed attempt: doubling from the kind's base up to its cap, less a random
-- part, so that what failed together does not come back together.
create or replace function private.backoff(p_kind private.effect_kinds, p_attempts integer)
returns interval
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select make_interval(secs => (
        least(p_kind.backoff_cap_seconds, p_kind.backoff_base_seconds * power(2::numeric, least(p_attempts - 1, 30)))
        * (1 - p_kind.backoff_jitter * random()::numeric))::double precision);
$$;

revoke execute on function private.backoff(private.effect_kinds, integer)
    from public, anon, authenticated, service_role;
