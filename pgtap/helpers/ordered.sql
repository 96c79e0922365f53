-- How many effects of a kind are on record for an organisation.
create or replace function tests.ordered(p_org uuid, p_kind text)
returns bigint
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select count(*) from private.effects e where e.org_id = p_org and e.kind = p_kind;
$$;
