-- What to dial at a carrier to have a phone forwarded to a number, always (total_ai) or when nobody answers (safety_net), and to
-- end that. ring_time_seconds is NULL where it has no meaning.
--
-- Raises 400 phone_number_invalid, 422 carrier_unknown, 422 forwarding_type_invalid, 422 ring_time_out_of_range,
-- and what private.authorize() raises.
create or replace function public.generate_forwarding_codes(
    p_carrier text, p_type text, p_destination text, p_ring_seconds integer default null
)
returns public.forwarding_codes
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.generate_forwarding_codes(p_carrier, p_type, p_destination, p_ring_seconds);
$$;

revoke execute on function public.generate_forwarding_codes(text, text, text, integer)
    from public, anon, authenticated, service_role;
grant execute on function public.generate_forwarding_codes(text, text, text, integer) to authenticated, service_role;
