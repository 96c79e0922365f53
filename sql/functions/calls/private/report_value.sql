-- What a report, or a call that was asked for, says under a name: in its artifact, at its top, or in its call, as the years
-- had it. NULL when nothing of that type stands anywhere, or only something empty.
create or replace function private.report_value(p_message jsonb, p_name text, p_type text)
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select v.value
    from unnest(array[
        p_message #> array['artifact', p_name], p_message -> p_name,
        p_message #> array['call', 'artifact', p_name], p_message #> array['call', p_name]]) with ordinality as v (value, place)
    where jsonb_typeof(v.value) = p_type
      and v.value not in ('[]', '{}')
      and (p_type <> 'string' or btrim(v.value #>> '{}', E' \t\r\n') <> '')
    order by v.place
    limit 1;
$$;

revoke execute on function private.report_value(jsonb, text, text) from public, anon, authenticated, service_role;
