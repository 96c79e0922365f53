-- The message in what Vapi sent. What JSON can hold and a text here cannot is left out, where it stands in the way: a NUL, and
-- half of a character of two halves, which is what is left of a smile that was cut off.
--
-- Raises 400 invalid_json.
create or replace function private.vapi_event(p_body bytea)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text text;
    v_event jsonb;
begin
    begin
        v_text := convert_from(p_body, 'UTF8');
        v_event := v_text::jsonb;
    exception
        when untranslatable_character or invalid_text_representation then
            v_event := private.readable_json(v_text);
        when data_exception or character_not_in_repertoire or program_limit_exceeded then
            null;
    end;
    if jsonb_typeof(v_event) is distinct from 'object' then
        perform private.fail('invalid_json');
    end if;
    return case when jsonb_typeof(v_event -> 'message') = 'object' then v_event -> 'message' else v_event end;
end
$$;

revoke execute on function private.vapi_event(bytea) from public, anon, authenticated, service_role;
