-- Whether weekly hours are some: {"mon": [["09:00", "17:00"]], …}, spans one after the other; an empty object is always.
--
-- Raises 422 invalid_value with the field.
create or replace function private.check_hours(p_hours jsonb, p_field text)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_day record;
    v_span jsonb;
    v_from text;
    v_to text;
    v_before text;
    v_good boolean := jsonb_typeof(p_hours) = 'object' and length(p_hours::text) <= 5000;
begin
    if v_good then
        for v_day in select e.key, e.value from jsonb_each(p_hours) as e loop
            v_before := '00:00';
            v_good := v_good and v_day.key in ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')
                and jsonb_typeof(v_day.value) = 'array';
            exit when not v_good;
            for v_span in select e.value from jsonb_array_elements(v_day.value) as e loop
                v_good := jsonb_typeof(v_span) = 'array' and jsonb_array_length(v_span) = 2
                    and jsonb_typeof(v_span -> 0) = 'string' and jsonb_typeof(v_span -> 1) = 'string';
                exit when not v_good;
                v_from := v_span ->> 0;
                v_to := v_span ->> 1;
                v_good := v_from ~ '^([01]\d|2[0-3]):[0-5]\d$' and v_to ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'
                    and v_before collate "C" <= v_from collate "C" and v_from collate "C" < v_to collate "C";
                exit when not v_good;
                v_before := v_to;
            end loop;
            exit when not v_good;
        end loop;
    end if;
    if v_good is not true then
        perform private.fail('invalid_value', jsonb_build_object('field', p_field));
    end if;
end
$$;

revoke execute on function private.check_hours(jsonb, text) from public, anon, authenticated, service_role;
