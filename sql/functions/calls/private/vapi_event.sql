-- The message in what Vapi sent. A NUL in a text, which JSON can hold and a text here cannot, is left out.
--
-- Raises 400 invalid_json.
create or replace function private.vapi_event(p_body bytea)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_event jsonb;
begin
    begin
        v_event := regexp_replace(
            convert_from(p_body, 'UTF8'), '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::jsonb;
    exception
        when data_exception or character_not_in_repertoire or untranslatable_character or program_limit_exceeded then
            perform private.fail('invalid_json');
    end;
    if jsonb_typeof(v_event) <> 'object' then
        perform private.fail('invalid_json');
    end if;
    return case when jsonb_typeof(v_event -> 'message') = 'object' then v_event -> 'message' else v_event end;
end
$$;

revoke execute on function private.vapi_event(bytea) from public, anon, authenticated, service_role;
