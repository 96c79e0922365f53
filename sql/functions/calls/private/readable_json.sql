-- A text as JSON without the NULs in it, and with a mark in the place of each half of a character of two; NULL when it is no
-- JSON even so. It looks at every character: for what does not read as it is.
create or replace function private.readable_json(p_text text)
returns jsonb
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    -- An even number of backslashes before it: it is not itself one that only looks like an escape.
    c_escape constant text := '(?<!\\)((?:\\\\)*)\\u';
    c_high constant text := 'd[89ab][0-9a-f]{2}';
    c_low constant text := 'd[c-f][0-9a-f]{2}';
    v_text text := p_text;
begin
    v_text := regexp_replace(v_text, c_escape || '0000', '\1', 'g');
    v_text := regexp_replace(v_text, c_escape || c_high || '(?!\\u' || c_low || ')', '\1\\ufffd', 'gi');
    v_text := regexp_replace(v_text, '(?<!(?<!\\)(?:\\\\)*\\u' || c_high || ')' || c_escape || c_low, '\1\\ufffd', 'gi');
    return v_text::jsonb;
exception
    when data_exception or program_limit_exceeded then
        return null;
end
$$;

revoke execute on function private.readable_json(text) from public, anon, authenticated, service_role;
