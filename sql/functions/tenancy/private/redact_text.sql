-- A text without what names a person: each of the values, in any case, becomes [erased].
--
-- Values stand longest first, so that a name does not break up the address it is part of. Inside a longer text a value counts
-- as a word of its own, and from four characters on: a shorter one would name nobody.
create or replace function private.redact_text(p_text text, p_values text[])
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text text := p_text;
    v_value text;
begin
    foreach v_value in array p_values loop
        if lower(v_text) = lower(v_value) then
            return '[erased]';
        end if;
        if length(v_value) >= 4 and strpos(lower(v_text), lower(v_value)) > 0 then
            v_text := regexp_replace(
                v_text,
                '(?<![[:alnum:]])' || regexp_replace(v_value, '([^[:alnum:][:space:]])', '\\\1', 'g') || '(?![[:alnum:]])',
                '[erased]', 'gi');
        end if;
    end loop;
    return v_text;
end
$$;

revoke execute on function private.redact_text(text, text[]) from public, anon, authenticated, service_role;
