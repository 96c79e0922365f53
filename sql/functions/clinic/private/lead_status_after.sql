-- What a call makes of its contact's state: a booking makes it booked, a completed call from them without one loses it
-- unless it has booked before, and being reached by us makes a new one contacted. Anything else leaves it.
create or replace function private.lead_status_after(p_status text, p_call public.calls, p_connected boolean)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_call.booking_confirmed then 'booked'
        when p_call.call_direction = 'inbound' and p_call.status = 'completed' and p_status <> 'booked' then 'lost'
        when p_call.call_direction = 'outbound' and p_connected and p_status = 'new' then 'contacted'
        else p_status
    end;
$$;

revoke execute on function private.lead_status_after(text, public.calls, boolean)
    from public, anon, authenticated, service_role;
