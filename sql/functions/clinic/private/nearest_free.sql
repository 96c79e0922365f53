-- The free slots nearest to a time, before or after it, in the order of time; of two equally near the earlier.
--
-- Looks further and further away until it has found enough.
create or replace function private.nearest_free(
    p_visit private.visit, p_at timestamptz, p_count integer, p_now timestamptz
)
returns setof private.free_slot
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_at constant timestamptz := least(greatest(p_at, p_now), p_now + interval '400 days');
    v_reach interval;
    v_found private.free_slot[];
begin
    foreach v_reach in array array['3 days', '30 days', '120 days', '401 days']::interval[] loop
        v_found := array(
            select s from private.free_slots(p_visit, v_at - v_reach, v_at + v_reach, null, p_now) as s
            order by greatest(s.starts_at - v_at, v_at - s.starts_at), s.starts_at
            limit p_count);
        exit when cardinality(v_found) = p_count;
    end loop;
    return query
    select f.* from unnest(v_found) as f order by f.starts_at;
end
$$;

revoke execute on function private.nearest_free(private.visit, timestamptz, integer, timestamptz)
    from public, anon, authenticated, service_role;
