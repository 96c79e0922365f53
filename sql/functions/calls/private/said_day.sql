-- A day as an agent names it, as YYYY-MM-DD: such a date (whatever follows it), today, tomorrow, or a weekday in English or in the
-- agent's language: the next one that is not today. NULL for anything else: days before months or after them are not guessed.
create or replace function private.said_day(p_text text, p_zone text, p_language text, p_now timestamptz)
returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_today constant date := (p_now at time zone p_zone)::date;
    v_text constant text := lower(btrim(regexp_replace(p_text, '^(on|next|this|coming)\s+', '', 'i'), ' .,'));
    v_weekday integer;
begin
    if v_text ~ '^\d{4}-\d{2}-\d{2}' then
        return left(v_text, 10);
    elsif v_text in ('today', 'tomorrow') then
        return (v_today + case v_text when 'today' then 0 else 1 end)::text;
    end if;
    select w.n::integer into v_weekday
    from private.spoken_calendars c, unnest(c.weekdays) with ordinality as w (name, n)
    where c.language in ('en', left(p_language, 2)) and lower(w.name) = v_text
    limit 1;
    return (v_today + 1 + (v_weekday - extract(isodow from v_today + 1)::integer + 7) % 7)::text;
end
$$;

revoke execute on function private.said_day(text, text, text, timestamptz) from public, anon, authenticated, service_role;
