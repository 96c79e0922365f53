-- Some of the free times that stand for all: at most p_most, spread over them, the first among them.
create or replace function private.some_slots(p_slots private.free_slot[], p_most integer)
returns private.free_slot[]
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg((n.starts_at, n.ends_at, n.practitioner_id, n.practitioner_name)::private.free_slot order by n.starts_at), '{}')
    from (
        select s.*, row_number() over (partition by s.part order by s.starts_at) as place
        from (select u.*, ntile(p_most) over (order by u.starts_at) as part from unnest(p_slots) as u) as s
    ) as n
    where n.place = 1;
$$;

revoke execute on function private.some_slots(private.free_slot[], integer) from public, anon, authenticated, service_role;
