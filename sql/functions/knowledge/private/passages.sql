-- A text as passages of at most p_most characters, in order: whole sentences of one paragraph each. A passage that goes on
-- within a paragraph begins with the last sentence of the one before, unless that is long. Headings, which end without a
-- full stop, stay with what follows.
create or replace function private.passages(p_content text, p_most integer)
returns setof text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_paragraph text;
    v_sentence text;
    v_passage text;
    v_last text;
    v_heading text := '';
begin
    for v_paragraph in
        select btrim(regexp_replace(regexp_replace(p.paragraph, '^[#*\s-]+', ''), '\s+', ' ', 'g'))
        from regexp_split_to_table(replace(p_content, E'\r', ''), '\n\s*\n') with ordinality as p (paragraph, n)
        order by p.n
    loop
        continue when v_paragraph = '';
        if length(v_heading || v_paragraph) <= 80 and v_paragraph !~ '[.!?]$' then
            v_heading := v_heading || rtrim(v_paragraph, ':') || ': ';
            continue;
        end if;
        v_passage := v_heading;
        v_last := '';
        for v_sentence in select * from private.sentences(v_paragraph, p_most - 90) loop
            if length(v_passage) + length(v_sentence) > p_most and length(v_passage) > length(v_heading) then
                return next btrim(v_passage);
                v_passage := v_heading || case
                    when length(v_heading || v_last) + length(v_sentence) < p_most and length(v_last) < p_most / 3 then v_last else '' end;
            end if;
            v_passage := v_passage || v_sentence || ' ';
            v_last := v_sentence || ' ';
        end loop;
        return next btrim(v_passage);
        v_heading := '';
    end loop;
    if v_heading <> '' then
        return next rtrim(v_heading, ': ');
    end if;
end
$$;

revoke execute on function private.passages(text, integer) from public, anon, authenticated, service_role;
