-- What was said and done in a call, and the messages because of it that the caller may read, in order.
--
-- A turn without a time stands where the one before it does. At one moment turns come before messages.
create or replace function private.call_timeline(p_call public.calls)
returns public.call_moment[]
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with turns as (
        select t.turn, t.place, coalesce(max(t.seconds) over (order by t.place), 0) as seconds
        from (
            select u.turn, u.place,
                   case when jsonb_typeof(u.turn -> 'at_seconds') = 'number' then (u.turn ->> 'at_seconds')::numeric end as seconds
            from jsonb_array_elements(p_call.turns) with ordinality as u (turn, place)
        ) as t
    ), moments as (
        select coalesce(p_call.started_at, p_call.created_at) + t.seconds * interval '1 second' as at,
               t.seconds, t.turn ->> 'role' as kind, t.turn ->> 'text' as text, null as method, null as status, t.place
        from turns t
        union all
        select m.created_at, null, 'message', m.content, m.method, m.status, null
        from public.messages m
        where m.org_id = p_call.org_id and m.call_id = p_call.id
    )
    select coalesce(
        array_agg((m.at, m.seconds, m.kind, m.text, m.method, m.status)::public.call_moment order by m.at, m.place), '{}')
    from moments m;
$$;

revoke execute on function private.call_timeline(public.calls) from public, anon, authenticated, service_role;
grant execute on function private.call_timeline(public.calls) to authenticated;
