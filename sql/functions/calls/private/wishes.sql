-- The services a contact is interested in, those that a call spoke of among them.
create or replace function private.wishes(p_known text[], p_services public.services[])
returns text[]
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(distinct w.name), '{}')
    from (
        select unnest(p_known)
        union all
        select s.name from unnest(p_services) s
    ) as w (name);
$$;

revoke execute on function private.wishes(text[], public.services[]) from public, anon, authenticated, service_role;
