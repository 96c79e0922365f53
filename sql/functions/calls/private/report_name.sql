-- What the caller is called, as a report says; NULL when it does not. A name is a line of letters, no number or placeholder.
create or replace function private.report_name(p_message jsonb)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with answers as materialized (
        select private.report_answers(p_message) as said
    )
    select private.person_name(n.name)
    from (
        select array[
            private.vapi_text(p_message, '{customer,name}', 200), private.vapi_text(p_message, '{call,customer,name}', 200),
            a.said ->> 'callername', a.said ->> 'patientname', a.said ->> 'customername', a.said ->> 'fullname', a.said ->> 'name'
        ] as names
        from answers a
    ) as s
    cross join lateral unnest(s.names) with ordinality as n (name, place)
    where private.person_name(n.name) is not null
    order by n.place
    limit 1;
$$;

revoke execute on function private.report_name(jsonb) from public, anon, authenticated, service_role;
