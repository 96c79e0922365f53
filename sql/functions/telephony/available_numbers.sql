-- What an operation of public.search_numbers() found, with the price and what the country's regulator asks for.
--
-- Raises 404 operation_not_found, 502 provider_refused, and what private.authorize() raises.
create or replace function public.available_numbers(p_operation_id uuid)
returns public.country_offer
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.available_numbers(p_operation_id);
$$;

revoke execute on function public.available_numbers(uuid) from public, anon, authenticated, service_role;
grant execute on function public.available_numbers(uuid) to authenticated;
