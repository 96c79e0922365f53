-- The work of public.get_service_price_by_keyword().
--
-- Raises what private.authorize() raises.
create or replace function private.get_service_price_by_keyword(p_text text)
returns table (service_id uuid, service_name text, price_pence bigint, currency text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.get_service_price_by_keyword');
begin
    return query
    select s.id, s.name, s.price_pence, s.currency from private.services_in(v_caller.org_id, p_text) as s limit 1;
end
$$;

revoke execute on function private.get_service_price_by_keyword(text) from public, anon, authenticated, service_role;
grant execute on function private.get_service_price_by_keyword(text) to authenticated;
