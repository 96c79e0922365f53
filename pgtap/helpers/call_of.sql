-- The id of an organisation's n-th call: the same whenever it is asked for.
create or replace function tests.call_of(p_org uuid, p_n integer)
returns uuid
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select md5(format('call %s of %s', p_n, p_org))::uuid;
$$;
