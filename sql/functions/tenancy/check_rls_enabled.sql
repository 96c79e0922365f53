-- For auditors: whether row level security is on for a table of schema public. No row: there is no such table.
--
-- Raises 403 not_allowed.
create or replace function public.check_rls_enabled(p_table_name text)
returns table (table_name text, rls_enabled boolean)
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.check_rls_enabled');
    return query
    select c.relname::text, c.relrowsecurity
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname = p_table_name;
end
$$;

revoke execute on function public.check_rls_enabled(text) from public, anon, authenticated, service_role;
grant execute on function public.check_rls_enabled(text) to service_role;
