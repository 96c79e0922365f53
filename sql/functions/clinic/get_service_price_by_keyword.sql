-- The dearest of the caller's organisation's services that a text speaks of, by name or keyword; no row when it speaks of none.
--
-- Raises what private.authorize() raises.
create or replace function public.get_service_price_by_keyword(p_text text)
returns table (service_id uuid, service_name text, price_pence bigint, currency text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select s.service_id, s.service_name, s.price_pence, s.currency from private.get_service_price_by_keyword(p_text) as s;
$$;

revoke execute on function public.get_service_price_by_keyword(text) from public, anon, authenticated, service_role;
grant execute on function public.get_service_price_by_keyword(text) to authenticated;
