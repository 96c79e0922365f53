-- What the provider says a call cost us, in dollars: the sum it names, or that of its parts; NULL when it names none.
create or replace function private.report_cost(p_message jsonb)
returns numeric
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case when c.cost between 0 and 999999 then round(c.cost, 6) end
    from (
        select coalesce(
            private.report_number(p_message -> 'cost'),
            private.report_number(p_message #> '{call,cost}'),
            private.report_number(p_message #> '{costBreakdown,total}'),
            private.report_number(p_message #> '{call,costBreakdown,total}'),
            (select sum(private.report_number(p.part -> 'cost'))
             from jsonb_array_elements(coalesce(private.report_value(p_message, 'costs', 'array'), '[]')) as p (part)
             where jsonb_typeof(p.part) = 'object'))
    ) as c (cost);
$$;

revoke execute on function private.report_cost(jsonb) from public, anon, authenticated, service_role;
