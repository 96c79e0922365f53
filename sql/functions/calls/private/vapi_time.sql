-- A time as Vapi writes it: milliseconds since 1970 today, ISO 8601 in 2024; NULL when it is neither.
create or replace function private.vapi_time(p_value jsonb)
returns timestamptz
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text constant text := p_value #>> '{}';
begin
    return case jsonb_typeof(p_value)
        when 'number' then to_timestamp(v_text::numeric / 1000)
        when 'string' then case
            when v_text ~ '^\d{12,14}(\.\d+)?$' then to_timestamp(v_text::numeric / 1000)
            when v_text ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d' then v_text::timestamptz
        end
    end;
exception
    when data_exception or invalid_datetime_format or datetime_field_overflow then
        return null;
end
$$;

revoke execute on function private.vapi_time(jsonb) from public, anon, authenticated, service_role;
