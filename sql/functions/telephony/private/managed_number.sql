-- A number as its organisation sees it.
create or replace function private.managed_number(p_number public.managed_phone_numbers)
returns public.managed_number
language sql immutable security definer
set search_path = pg_catalog, pg_temp
as $$
    select row(
        p_number.id, p_number.phone_number, p_number.country_code, p_number.routing_direction, p_number.status,
        p_number.price_pence, p_number.twilio_sid, p_number.vapi_phone_id, p_number.created_at, p_number.released_at
    )::public.managed_number;
$$;

revoke execute on function private.managed_number(public.managed_phone_numbers)
    from public, anon, authenticated, service_role;
