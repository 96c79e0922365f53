-- For auditors: the policies of a table of schema public, by name.
--
-- The definition is what rows must satisfy to be seen, or to be written where that is all a policy says.
--
-- Raises 403 not_allowed.
create or replace function public.get_table_policies(p_table_name text)
returns table (policyname text, definition text, permissive text, roles text[])
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.get_table_policies');
    return query
    select p.policyname::text, coalesce(p.qual, p.with_check), p.permissive, p.roles::text[]
    from pg_policies p
    where p.schemaname = 'public' and p.tablename = p_table_name
    order by p.policyname;
end
$$;

revoke execute on function public.get_table_policies(text) from public, anon, authenticated, service_role;
grant execute on function public.get_table_policies(text) to service_role;
