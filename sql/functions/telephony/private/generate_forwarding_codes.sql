-- The work of public.generate_forwarding_codes().
--
-- Raises 400 phone_number_invalid, 422 carrier_unknown, 422 forwarding_type_invalid, 422 ring_time_out_of_range,
-- and what private.authorize() raises.
create or replace function private.generate_forwarding_codes(
    p_carrier text, p_type text, p_destination text, p_ring_seconds integer
)
returns public.forwarding_codes
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.generate_forwarding_codes');
    return private.forwarding_codes(p_carrier, p_type, p_destination, p_ring_seconds);
end
$$;

revoke execute on function private.generate_forwarding_codes(text, text, text, integer)
    from public, anon, authenticated, service_role;
grant execute on function private.generate_forwarding_codes(text, text, text, integer) to authenticated, service_role;
