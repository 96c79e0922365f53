-- A text as one line that can be said: control characters and runs of white space are a space each, and it ends with a
-- whole sentence, or else a whole word, within p_most characters.
create or replace function private.one_line(p_text text, p_most integer)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_line constant text := btrim(regexp_replace(p_text, '[[:space:][:cntrl:]]+', ' ', 'g'));
    v_cut text;
begin
    if length(v_line) <= p_most then
        return v_line;
    end if;
    v_cut := substring(left(v_line, p_most + 1) from '^.*[.!?](?= )');
    if length(v_cut) >= p_most / 3 then
        return v_cut;
    end if;
    return regexp_replace(left(v_line, p_most - 1), '\s+\S*$', '') || '…';
end
$$;

revoke execute on function private.one_line(text, integer) from public, anon, authenticated, service_role;
