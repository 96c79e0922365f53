-- Every flag and whether it is on for the caller's organisation: its own answer, else the rollout.
--
-- The hash of organisation and name decides the rollout, so an organisation keeps its answer while the percentage only
-- grows, and one flag's early organisations are not the next one's. SHA-256 because it is the same in every version of
-- Postgres. Read with the caller's rights.
create or replace function private.org_flags()
returns table (name text, description text, enabled boolean)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select f.name, f.description, coalesce(
        o.enabled,
        f.enabled
        and ('x' || left(encode(sha256(convert_to(m.org_id::text || ':' || f.name, 'UTF8')), 'hex'), 8))::bit(32)::bigint % 100
            < f.rollout_percentage)
    from (select private.member_org_id() as org_id) as m
    cross join public.feature_flags f
    left join public.org_feature_flags o on o.org_id = m.org_id and o.name = f.name;
$$;

revoke execute on function private.org_flags() from public, anon, authenticated, service_role;
grant execute on function private.org_flags() to authenticated, service_role;
