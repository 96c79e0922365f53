-- A text without card numbers, however they are spaced: in one, in groups, or digit by digit as people say them.
--
-- In a run of digits that is longer than any card (the date after it, a telephone number before) each place a group begins
-- is tried, the longest number first. What a plus stands before is a telephone number.
create or replace function private.redact_cards(p_text text)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text text := p_text;
    v_run text;
    v_card text;
begin
    for v_run in
        select distinct m.run[1]
        from regexp_matches(p_text, '(\+?(?:\d[ .,/_-]{0,3}){12,}\d)', 'g') as m (run)
    loop
        loop
            select substr(v_run, b.first, e.last - b.first + 1) into v_card
            from generate_series(1, length(v_run) - 12) as b (first)
            cross join lateral generate_series(least(b.first + 60, length(v_run)), b.first + 12, -1) as e (last)
            cross join lateral (select translate(substr(v_run, b.first, e.last - b.first + 1), ' .,/_-', '')) as c (digits)
            where substr(v_run, b.first, 1) ~ '\d' and substr(v_run, e.last, 1) ~ '\d'
              and (b.first = 1 or substr(v_run, b.first - 1, 1) !~ '[\d+]')
              and (e.last = length(v_run) or substr(v_run, e.last + 1, 1) !~ '\d')
              and length(c.digits) between 13 and 19
              and private.is_card_number(c.digits)
            order by b.first, e.last desc
            limit 1;
            exit when not found;
            v_text := replace(v_text, v_card, '[card number]');
            v_run := replace(v_run, v_card, ' ');
        end loop;
    end loop;
    return v_text;
end
$$;

revoke execute on function private.redact_cards(text) from public, anon, authenticated, service_role;
