-- Sets up a phone that forwards to the organisation's inbound number, or sets it up anew: what to dial for it.
--
-- Raises 404 caller_id_not_found, 409 caller_id_not_verified, 409 no_inbound_number, 409 forwarding_to_itself,
-- 422 carrier_unknown, 422 forwarding_type_invalid, 422 ring_time_out_of_range, and what private.authorize() raises.
create or replace function public.save_forwarding_config(
    p_verified_caller_id uuid, p_forwarding_type text, p_carrier text, p_ring_time_seconds integer default null
)
returns public.forwarding_answer
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.save_forwarding_config(p_verified_caller_id, p_forwarding_type, p_carrier, p_ring_time_seconds);
$$;

revoke execute on function public.save_forwarding_config(uuid, text, text, integer)
    from public, anon, authenticated, service_role;
grant execute on function public.save_forwarding_config(uuid, text, text, integer) to authenticated;
