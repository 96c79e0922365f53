-- A call in a few words, for a list of what happened.
create or replace function private.told_call(p_call public.calls)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select concat(
        coalesce(nullif(p_call.caller_name, ''), p_call.phone_number, 'Somebody'),
        case when p_call.call_direction = 'inbound' then ' called' else ' was called' end,
        case
            when p_call.booking_confirmed then ' and booked'
            when p_call.status = 'in_progress' then ' and is on the line'
            when p_call.status = 'failed' then ', without success'
        end);
$$;

revoke execute on function private.told_call(public.calls) from public, anon, authenticated, service_role;
grant execute on function private.told_call(public.calls) to authenticated;
