-- For auditors: how many policies schema public has.
--
-- Raises 403 not_allowed.
create or replace function public.count_rls_policies()
returns integer
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.count_rls_policies');
    return (select count(*)::integer from pg_policies p where p.schemaname = 'public');
end
$$;

revoke execute on function public.count_rls_policies() from public, anon, authenticated, service_role;
grant execute on function public.count_rls_policies() to service_role;
