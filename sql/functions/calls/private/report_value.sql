-- What a report, or a call that was asked for, says under a name: in its artifact, at its top, or in its call, as the years
-- had it. NULL when nothing of that type stands anywhere, or only something empty.
create or replace function private.report_value(p_message jsonb, p_name text, p_type text)
returns jsonb
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value jsonb;
begin
    for i in 1..4 loop
        v_value := case i
            when 1 then p_message #> array['artifact', p_name]
            when 2 then p_message -> p_name
            when 3 then p_message #> array['call', 'artifact', p_name]
            when 4 then p_message #> array['call', p_name] end;
        if jsonb_typeof(v_value) = p_type and v_value not in ('[]', '{}')
            and (p_type <> 'string' or btrim(v_value #>> '{}', E' \t\r\n') <> '')
        then
            return v_value;
        end if;
    end loop;
    return null;
end
$$;

revoke execute on function private.report_value(jsonb, text, text) from public, anon, authenticated, service_role;
