-- A JSON value without what names a person: everything under one of the keys, and the values wherever they stand.
create or replace function private.redact_json(p_json jsonb, p_keys text[], p_values text[])
returns jsonb
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return case jsonb_typeof(p_json)
        when 'object' then (
            select coalesce(jsonb_object_agg(
                e.key,
                case
                    when e.key = any (p_keys) and e.value <> 'null' then to_jsonb(text '[erased]')
                    else private.redact_json(e.value, p_keys, p_values)
                end), jsonb_build_object())
            from jsonb_each(p_json) as e)
        when 'array' then (
            select coalesce(jsonb_agg(private.redact_json(e.value, p_keys, p_values) order by e.ordinality), jsonb_build_array())
            from jsonb_array_elements(p_json) with ordinality as e)
        when 'string' then to_jsonb(private.redact_text(p_json #>> '{}', p_values))
        else p_json
    end;
end
$$;

revoke execute on function private.redact_json(jsonb, text[], text[]) from public, anon, authenticated, service_role;
