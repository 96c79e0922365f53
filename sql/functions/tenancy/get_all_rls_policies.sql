-- For auditors: every policy of schema public, by table and name.
--
-- Raises 403 not_allowed.
create or replace function public.get_all_rls_policies()
returns table (tablename text, policyname text, definition text, permissive text)
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.get_all_rls_policies');
    return query
    select p.tablename::text, p.policyname::text, coalesce(p.qual, p.with_check), p.permissive
    from pg_policies p
    where p.schemaname = 'public'
    order by p.tablename, p.policyname;
end
$$;

revoke execute on function public.get_all_rls_policies() from public, anon, authenticated, service_role;
grant execute on function public.get_all_rls_policies() to service_role;
