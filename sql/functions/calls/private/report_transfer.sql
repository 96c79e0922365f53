-- To whom a report says the call was passed on, when and why, under the columns' names; what it does not say is absent.
create or replace function private.report_transfer(p_message jsonb)
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'transfer_to', case when t.number ~ '^\+[1-9]\d{6,14}$' then t.number end,
        'transfer_time', case when t.number ~ '^\+[1-9]\d{6,14}$' then a.at end,
        'transfer_reason', case when t.number ~ '^\+[1-9]\d{6,14}$' then left(a.reason, 500) end))
    from (
        select coalesce(
            p_message #>> '{destination,number}', p_message #>> '{call,destination,number}',
            private.report_value(p_message, 'transfers', 'array') #>> '{0,destination,number}')
    ) as t (number)
    left join lateral (
        select private.vapi_time(m.said -> 'time') as at,
               substring(coalesce(c.call #>> '{function,arguments}', c.call ->> 'arguments') from '"reason"\s*:\s*"([^"]*)"') as reason
        from jsonb_array_elements(coalesce(private.report_value(p_message, 'messages', 'array'), '[]'))
            with ordinality as m (said, place)
        cross join lateral jsonb_array_elements(
            case when jsonb_typeof(m.said -> 'toolCalls') = 'array' then m.said -> 'toolCalls' else '[]' end) as c (call)
        where jsonb_typeof(m.said) = 'object' and c.call #>> '{function,name}' = 'transferCall'
        order by m.place desc
        limit 1
    ) as a on true;
$$;

revoke execute on function private.report_transfer(jsonb) from public, anon, authenticated, service_role;
