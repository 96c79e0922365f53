-- Free times as they are said, each once, in their order: whole, or the time of day alone ('time'). A day is said with its
-- first time only.
create or replace function private.spoken_slots(p_call public.calls, p_slots private.free_slot[], p_part text default 'moment')
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.spoken_list(
        array_agg(private.spoken_time(
            d.starts_at, d.zone, d.language, case when d.day is distinct from d.day_before then p_part else 'time' end) order by d.starts_at),
        min(d.language))
    from (
        select t.*, lag(t.day) over (order by t.starts_at) as day_before
        from (
            select distinct u.starts_at, (u.starts_at at time zone o.zone)::date as day, o.zone, o.language
            from unnest(p_slots) as u,
                 (select private.zone_of(p_call.org_id) as zone, private.language_of(p_call) as language) as o
        ) as t
    ) as d;
$$;

revoke execute on function private.spoken_slots(public.calls, private.free_slot[], text) from public, anon, authenticated, service_role;
