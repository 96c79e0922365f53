-- The newest calls of the caller's organisation in which p_search is found, before a place in the list: their ids, newest
-- first.
--
-- A definer that filters by org_id itself, since @@ under RLS cannot use an index. It asks calls_words_idx for the newest
-- day, then for the day before, then for groups of 16 and of 256 days, until the page is full: a word that is in every call
-- costs a day's calls, one that is in none costs a few dozen look-ups, and no statistics have to be right for that.
--
-- Raises what private.authorize() raises.
create or replace function private.found_calls(
    p_search text, p_status text, p_direction text, p_from timestamptz, p_to timestamptz,
    p_before_at timestamptz, p_before_id uuid, p_limit integer
)
returns table (id uuid, created_at timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (private.authorize('public.list_calls')).org_id;
    v_words constant tsquery := private.call_words(p_search, p_status, p_direction);
    v_day integer;
    v_oldest integer;
    v_days integer;
    v_steps integer := 0;
    v_left integer := p_limit;
    v_count integer;
begin
    if v_words is null then
        return;
    end if;
    v_day := private.day_number((
        select c.created_at from public.calls c
        where c.org_id = v_org_id and c.created_at < p_to and c.created_at <= p_before_at
        order by c.created_at desc limit 1));
    v_oldest := private.day_number((
        select c.created_at from public.calls c
        where c.org_id = v_org_id and c.created_at >= p_from
        order by c.created_at limit 1));

    while v_left > 0 and v_day >= v_oldest loop
        v_days := case when v_steps >= 16 and v_day % 256 = 255 then 256 when v_steps >= 8 and v_day % 16 = 15 then 16 else 1 end;
        return query
            with found as materialized (
                select c.id, c.created_at from public.calls c
                where c.org_id = v_org_id
                  and (to_tsvector('pg_catalog.simple', coalesce(c.caller_name, '') || ' ' || coalesce(c.phone_number, '') || ' '
                        || coalesce(left(c.summary, 20000), '') || ' ' || coalesce(left(c.transcript, 200000), ''))
                       || array_to_tsvector(array[
                          '#status ' || c.status,
                          '#direction ' || c.call_direction,
                          '#day ' || floor(extract(epoch from c.created_at at time zone 'UTC') / 86400)::text,
                          '#days ' || floor(extract(epoch from c.created_at at time zone 'UTC') / 1382400)::text,
                          '#season ' || floor(extract(epoch from c.created_at at time zone 'UTC') / 22118400)::text,
                          '#digits ' || coalesce(regexp_replace(c.phone_number, '\D', '', 'g'), ''),
                          '#stigid ' || coalesce(reverse(regexp_replace(c.phone_number, '\D', '', 'g')), '')]))
                      @@ (v_words && format('''#%s %s''',
                          case v_days when 1 then 'day' when 16 then 'days' else 'season' end, v_day / v_days)::tsquery))
            select f.id, f.created_at from found f
            where f.created_at >= p_from and f.created_at < p_to and (f.created_at, f.id) < (p_before_at, p_before_id)
            order by f.created_at desc, f.id desc
            limit v_left;
        get diagnostics v_count = row_count;
        v_left := v_left - v_count;
        v_day := v_day - v_days;
        v_steps := v_steps + 1;
    end loop;
end
$$;

revoke execute on function private.found_calls(text, text, text, timestamptz, timestamptz, timestamptz, uuid, integer)
    from public, anon, authenticated, service_role;
grant execute on function private.found_calls(text, text, text, timestamptz, timestamptz, timestamptz, uuid, integer)
    to authenticated;
