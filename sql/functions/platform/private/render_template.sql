-- Puts parameters into the {{names}} of a text, in one pass: a value that itself contains {{…}} stays as it is.
--
-- With p_html the values are escaped for HTML. A name without a parameter is a mistake of the program and raises.
create or replace function private.render_template(p_text text, p_params jsonb, p_html boolean)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_result text := '';
    v_value text;
    v_piece record;
begin
    for v_piece in
        select p.piece, n.name[1] as name
        from regexp_split_to_table(p_text, '\{\{[a-z_]+\}\}') with ordinality as p (piece, n)
        left join regexp_matches(p_text, '\{\{([a-z_]+)\}\}', 'g') with ordinality as n (name, n) on n.n = p.n
        order by p.n
    loop
        v_value := '';
        if v_piece.name is not null then
            v_value := p_params ->> v_piece.name;
            if v_value is null then
                raise exception 'The template has no value for {{%}}.', v_piece.name using errcode = 'XX000';
            end if;
            if p_html then
                v_value := replace(replace(replace(replace(replace(
                    v_value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
            end if;
        end if;
        v_result := v_result || v_piece.piece || v_value;
    end loop;
    return v_result;
end
$$;

revoke execute on function private.render_template(text, jsonb, boolean) from public, anon, authenticated, service_role;
