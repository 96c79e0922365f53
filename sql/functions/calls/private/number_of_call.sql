-- The other party's number, where there is one that could be called.
create or replace function private.number_of_call(p_call public.calls)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select n.number
    from (values (1, p_call.phone_number),
                 (2, case p_call.call_direction when 'inbound' then p_call.from_number else p_call.to_number end)) as n (place, number)
    where n.number ~ '^\+[1-9]\d{6,14}$'
    order by n.place
    limit 1;
$$;

revoke execute on function private.number_of_call(public.calls) from public, anon, authenticated, service_role;
