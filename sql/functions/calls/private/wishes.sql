-- The services a contact is interested in, those that a call spoke of among them.
create or replace function private.wishes(p_known text[], p_call public.calls)
returns text[]
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(distinct w.name), '{}')
    from (
        select unnest(p_known)
        union all
        select s.name
        from private.services_in(p_call.org_id, concat_ws(' ', private.said_by_caller(p_call), p_call.summary)) s
    ) as w (name);
$$;

revoke execute on function private.wishes(text[], public.calls) from public, anon, authenticated, service_role;
