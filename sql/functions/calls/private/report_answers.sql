-- What the provider made of a call when asked for facts (structured data of any year), by name: lower case, letters only.
create or replace function private.report_answers(p_message jsonb)
returns jsonb
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_data constant jsonb := coalesce(
        private.report_value(p_message -> 'analysis', 'structuredData', 'object'),
        private.report_value(p_message #> '{call,analysis}', 'structuredData', 'object'), '{}');
    v_outputs constant jsonb := coalesce(private.report_value(p_message, 'structuredOutputs', 'object'), '{}');
begin
    if v_data = '{}' and v_outputs = '{}' then
        return jsonb_build_object();
    end if;
    return (
        select coalesce(jsonb_object_agg(f.name, f.value order by f.place desc), '{}')
        from (
            select regexp_replace(lower(d.key), '[^a-z]', '', 'g') as name, d.value, 1 as place
            from jsonb_each(v_data) as d
            union all
            select regexp_replace(lower(coalesce(i.key, o.value ->> 'name', '')), '[^a-z]', '', 'g'),
                   coalesce(i.value, o.value -> 'result'), 2
            from jsonb_each(v_outputs) as o
            left join lateral jsonb_each(
                case when jsonb_typeof(o.value -> 'result') = 'object' then o.value -> 'result' else '{}' end) as i on true
            where jsonb_typeof(o.value) = 'object'
        ) as f
        where f.name <> '' and f.value is not null and f.value <> 'null');
end
$$;

revoke execute on function private.report_answers(jsonb) from public, anon, authenticated, service_role;
