-- What to look for in calls_words_idx when a person searches calls: every word of p_search, and a telephone number by its
-- last digits, however it is written (with spaces, with a 0 or +44 before it); with the filters of the list.
--
-- NULL where there is nothing to look for. Fewer than four digits are a word like any other. A word is a whole word: half
-- of one would have to be looked for among the words of every organisation.
create or replace function private.call_words(p_search text, p_status text, p_direction text)
returns tsquery
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text constant text := replace(p_search, '(0)', ' ');
    v_number text := substring(v_text from '\+?\d[\d\s()./-]{2,}\d');
    v_digits constant text := ltrim(regexp_replace(v_number, '\D', '', 'g'), '0');
    v_words tsquery;
begin
    if v_digits is null or length(v_digits) < 4 then
        v_words := plainto_tsquery('pg_catalog.simple', v_text);
    else
        v_words := plainto_tsquery('pg_catalog.simple', replace(v_text, v_number, ' '))
            && (format('''#stigid %s'':*', reverse(v_digits))::tsquery
                || format('''#digits %s'':*', v_digits)::tsquery
                || plainto_tsquery('pg_catalog.simple', v_number));
    end if;
    if numnode(v_words) = 0 then
        return null;
    end if;
    if p_status is not null then
        v_words := v_words && format('''#status %s''', p_status)::tsquery;
    end if;
    if p_direction is not null then
        v_words := v_words && format('''#direction %s''', p_direction)::tsquery;
    end if;
    return v_words;
end
$$;

revoke execute on function private.call_words(text, text, text) from public, anon, authenticated, service_role;
