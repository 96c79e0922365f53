-- A time of day as an agent names it, as HH:MM: 14:30, 14.30, 14h30, 1430, 2:30 pm, 2 pm, 14 Uhr 30, noon, midnight. NULL for anything
-- else. A bare hour without am or pm is one of twenty-four.
create or replace function private.said_clock(p_text text)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case
        when lower(btrim(p_text)) in ('noon', 'midday') then '12:00'
        when lower(btrim(p_text)) = 'midnight' then '00:00'
        when coalesce(m.part[2], '00')::integer > 59 then null
        when m.part[3] is null and m.part[1]::integer <= 23 then lpad(m.part[1], 2, '0') || ':' || coalesce(m.part[2], '00')
        when m.part[3] is not null and m.part[1]::integer between 1 and 12 then
            lpad((m.part[1]::integer % 12 + case m.part[3] when 'p' then 12 else 0 end)::text, 2, '0') || ':' || coalesce(m.part[2], '00')
        end
    from (select regexp_match(
        lower(btrim(p_text)),
        '^(\d{1,2})\s*(?:(?:[:.h]|uhr)?\s*(\d{2}))?(?::00(?:\.0+)?)?\s*(?:uhr|h|o''?clock)?\s*(?:([ap])\.?\s?m\.?)?$') as part) as m;
$$;

revoke execute on function private.said_clock(text) from public, anon, authenticated, service_role;
